//! The target `wast_roundtrip`: the text form is lossless. A case printed and read back is
//! the same case and expects the same; text that can be read prints to a fixed point.

use gainsay_case::text::{Script, read};
use gainsay_case::{Capabilities, Case, Engine, Limits, Proposal, execute};
use gainsay_engines::registry;
use gainsay_generate::{Decisions, case_from};

use crate::envelope::Envelope;
use crate::floor::{Floor, Shortfall};
use crate::input::Input;
use crate::ledger::Ledger;
use crate::mutate;
use crate::target::{Finding, Taken, Target};

/// Units of fuel that a call may use while it is found out what a case expects.
const FUEL_PER_CALL: u64 = 200_000;

/// The target's state: the reference, which says what generated cases expect.
pub struct WastRoundtrip {
    reference: Box<dyn Engine>,
    ledger: Ledger,
}

/// The directives of a printed script, and the forms in which something else stands in it.
const FORMS: [&str; 17] = [
    "(module $",
    "(module definition $",
    "(module instance $",
    " binary \"",
    "(register ",
    "(invoke ",
    "(assert_return (invoke",
    "(assert_return (get",
    "(assert_trap (invoke",
    "(assert_trap (module",
    "(assert_exception (invoke",
    "(assert_exhaustion (invoke",
    "(assert_invalid ",
    "(assert_malformed ",
    "(assert_unlinkable ",
    ";; gainsay-step:",
    "nan:",
];

impl Target for WastRoundtrip {
    const NAME: &'static str = "wast_roundtrip";

    fn open() -> WastRoundtrip {
        let reference = registry::find(&["reference".to_owned()])
            .expect("the reference is compiled in")
            .remove(0);
        WastRoundtrip { reference, ledger: Ledger::default() }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<Taken, Finding> {
        self.ledger.count("inputs");
        if let Some(script) = written(bytes) {
            self.ledger.count("scripts");
            let printed = script.to_text();
            self.forms(&printed);
            return fixed_point(&printed);
        }
        match case_of(bytes) {
            Ok(case) => {
                self.ledger.count("cases");
                self.case(case)
            }
            Err(reason) => {
                self.ledger.count(&format!("rejected {reason}"));
                Ok(Taken::Rejected)
            }
        }
    }

    fn mutate(input: &[u8], size_max: usize, seed: u32) -> Option<Vec<u8>> {
        match Envelope::is_one(input) {
            true => mutate::case(input, size_max, seed),
            // Text that is mutated as bytes is hardly ever a script.
            false => mutate::script(input, size_max, seed),
        }
    }

    /// The forms that its text has.
    fn meaning(&mut self, bytes: &[u8]) -> String {
        let printed = match self.text(bytes) {
            Ok(printed) => printed,
            Err(reason) => return reason,
        };
        let forms: Vec<&str> = forms_in(&printed).collect();
        format!("{} lines: {}", printed.lines().count(), forms.join(" "))
    }

    fn ledger(&self) -> Ledger {
        self.ledger.clone()
    }

    /// Each directive and each form that the printer knows was printed and read back.
    fn shortfalls(&self) -> Vec<Shortfall> {
        let floor = Floor::of(&self.ledger).rejected_one_in(10);
        let floor = FORMS.iter().fold(floor, |floor, form| floor.reached(&format!("form {form}")));
        floor.reached("scripts").reached("cases").shortfalls()
    }
}

/// The forms that a text has, however it is broken into lines.
fn forms_in(printed: &str) -> impl Iterator<Item = &'static str> {
    let words: Vec<&str> = printed.split_whitespace().collect();
    let text = words.join(" ");
    FORMS.into_iter().filter(move |form| text.contains(form))
}

/// The script that these bytes are, if they are one with at least one step.
fn written(bytes: &[u8]) -> Option<Script> {
    let script = std::str::from_utf8(bytes).ok().and_then(|text| read(text).ok());
    script.filter(|script| !script.case.steps.is_empty())
}

/// The case that bytes stand for, in whatever form.
///
/// # Errors
/// Why they stand for none.
pub(crate) fn case_read(bytes: &[u8]) -> Result<Case, String> {
    written(bytes).map_or_else(|| case_of(bytes), |script| Ok(script.case))
}

/// The case that bytes stand for that are no script.
///
/// # Errors
/// Why they stand for none.
fn case_of(bytes: &[u8]) -> Result<Case, String> {
    match Input::of(bytes) {
        Ok(Input::Case(Envelope { case, .. })) => Ok(case),
        Ok(Input::Decisions { .. }) => {
            let all: Capabilities = Proposal::ALL.iter().copied().collect();
            Ok(case_from(&all, Decisions::of(bytes)).case)
        }
        Err(error) => Err(error.to_string()),
    }
}

impl WastRoundtrip {
    /// A case with what the reference makes of it.
    fn script(&self, case: Case) -> Script {
        let limits = Limits { fuel_per_call: Some(FUEL_PER_CALL), ..Limits::default() };
        let outcome = execute(&*self.reference, &case, &limits);
        Script::new(case, Some(&outcome))
    }

    /// What an input prints as.
    fn text(&self, bytes: &[u8]) -> Result<String, String> {
        match written(bytes) {
            Some(script) => Ok(script.to_text()),
            None => case_of(bytes).map(|case| self.script(case).to_text()),
        }
    }

    fn case(&mut self, case: Case) -> Result<Taken, Finding> {
        let script = self.script(case);
        let printed = script.to_text();
        self.forms(&printed);
        let again = parse(&printed)?;
        if again.case != script.case {
            return Err(Finding(format!("another case comes back:\n{printed}")));
        }
        fixed_point(&printed)
    }

    fn forms(&mut self, printed: &str) {
        for form in forms_in(printed) {
            self.ledger.count(&format!("form {form}"));
        }
    }
}

fn parse(printed: &str) -> Result<Script, Finding> {
    read(printed).map_err(|error| Finding(format!("printed text: {error}\n{printed}")))
}

/// What was printed prints as it is.
fn fixed_point(printed: &str) -> Result<Taken, Finding> {
    let again = parse(printed)?.to_text();
    match again == printed {
        true => Ok(Taken::Used),
        false => Err(Finding(format!("printing is no fixed point:\n{printed}\n\n{again}"))),
    }
}
