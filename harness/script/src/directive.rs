//! Directives of a script by themselves.

use wast::lexer::Lexer;
use wast::parser::{Parse, ParseBuffer, Parser, parse};
use wast::token::Id;
use wast::{QuoteWat, QuoteWatTest, WastDirective, WastExecute, WastRet, Wat, kw};

use crate::form::Form;
use gainsay_case::text::Pattern;

/// What one form of a script asks for.
pub enum Directive<'a> {
    /// What the `wast` crate has words for.
    Wast(Box<WastDirective<'a>>),
    /// Assertions about `(module instance …)`.
    Instance(InstanceAssertion<'a>),
    /// An action that reads a global, and nobody compares what it gives.
    Get(WastExecute<'a>),
}

/// `(assert_trap (module instance $i $m) "…")`, or the same of a module that does not link.
pub struct InstanceAssertion<'a> {
    /// Of the instance, if it links; and of the module.
    pub names: InstanceNames<'a>,
    /// The message of the trap; `None` if it is about linking.
    pub trap: Option<&'a str>,
}

/// The names of `(module instance …)`. The script format says: if there is only one, it
/// is the module's.
pub struct InstanceNames<'a> {
    pub instance: Option<Id<'a>>,
    pub module: Option<Id<'a>>,
}

impl<'a> InstanceNames<'a> {
    pub fn new(first: Option<Id<'a>>, second: Option<Id<'a>>) -> InstanceNames<'a> {
        match second {
            Some(_) => InstanceNames { instance: first, module: second },
            None => InstanceNames { instance: None, module: first },
        }
    }
}

/// Annotations that mean something; the parser passes over all others.
const ANNOTATIONS: [&str; 5] =
    ["custom", "producers", "name", "dylink.0", "metadata.code.branch_hint"];

struct Plain<'a>(WastDirective<'a>);

impl<'a> Parse<'a> for Plain<'a> {
    fn parse(parser: Parser<'a>) -> wast::parser::Result<Self> {
        let _known = ANNOTATIONS.map(|name| parser.register_annotation(name));
        parser.parens(|parser| parser.parse()).map(Plain)
    }
}

impl<'a> Parse<'a> for InstanceAssertion<'a> {
    fn parse(parser: Parser<'a>) -> wast::parser::Result<Self> {
        parser.parens(|parser| {
            let is_trap = parser.peek::<kw::assert_trap>()?;
            match is_trap {
                true => drop(parser.parse::<kw::assert_trap>()?),
                false => drop(parser.parse::<kw::assert_unlinkable>()?),
            }
            let names = parser.parens(|parser| {
                parser.parse::<kw::module>()?;
                parser.parse::<kw::instance>()?;
                Ok(InstanceNames::new(parser.parse()?, parser.parse()?))
            })?;
            let message: &str = parser.parse()?;
            Ok(InstanceAssertion { names, trap: is_trap.then_some(message) })
        })
    }
}

struct Get<'a>(WastExecute<'a>);

impl<'a> Parse<'a> for Get<'a> {
    fn parse(parser: Parser<'a>) -> wast::parser::Result<Self> {
        parser.parens(|parser| parser.parse()).map(Get)
    }
}

/// The tokens of a form.
pub fn buffer(text: &str) -> Result<ParseBuffer<'_>, wast::Error> {
    let mut lexer = Lexer::new(text);
    // The suite has names of every kind of character.
    lexer.allow_confusing_unicode(true);
    ParseBuffer::new_with_lexer(lexer)
}

impl<'a> Directive<'a> {
    /// The directive that a form with these tokens is.
    ///
    /// # Errors
    /// Where, within the form, and why it is none.
    pub fn parse(form: Form<'_>, buffer: &'a ParseBuffer<'a>) -> Result<Self, wast::Error> {
        let is_instance = |keyword| form.begins(&[keyword, "module", "instance"]);
        if form.is_bare_module {
            let module = QuoteWat::Wat(parse::<Wat<'_>>(buffer)?);
            Ok(Directive::Wast(Box::new(WastDirective::Module(module))))
        } else if is_instance("assert_trap") || is_instance("assert_unlinkable") {
            parse(buffer).map(Directive::Instance)
        } else if form.begins(&["get"]) {
            parse::<Get<'_>>(buffer).map(|get| Directive::Get(get.0))
        } else {
            parse::<Plain<'_>>(buffer).map(|plain| Directive::Wast(Box::new(plain.0)))
        }
    }
}

/// What a form is before anything in it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormKind {
    /// It makes a module, an instance or both.
    Module,
    /// It asserts something.
    Assertion,
    /// It asserts something of text or a binary that must be refused.
    Refusal,
    /// A registration, an action, a thread.
    Other,
    /// It is about a component, whose model gainsay does not have.
    Component,
    /// Its first word is none that is known.
    Unknown,
    /// It is no list.
    Stray,
}

impl FormKind {
    pub fn of(form: Form<'_>) -> FormKind {
        let mut words = form.words();
        let Some(first) = words.next() else { return FormKind::Stray };
        if !form.text.starts_with('(') && !form.is_bare_module {
            return FormKind::Stray;
        }
        if first == "component" || words.next() == Some("component") {
            return FormKind::Component;
        }
        match first {
            _ if form.is_bare_module => FormKind::Module,
            "module" => FormKind::Module,
            "assert_malformed" | "assert_invalid" => FormKind::Refusal,
            "assert_return"
            | "assert_trap"
            | "assert_exhaustion"
            | "assert_exception"
            | "assert_suspension"
            | "assert_unlinkable"
            | "assert_malformed_custom"
            | "assert_invalid_custom" => FormKind::Assertion,
            "register" | "invoke" | "get" | "thread" | "wait" => FormKind::Other,
            _ => FormKind::Unknown,
        }
    }
}

/// Why a module has no binary.
pub enum NoBinary {
    /// Its text is malformed, says the `wast` crate, and where: in bytes from the beginning
    /// of the form, or of the text that the form quotes.
    Malformed { message: String, offset: usize, is_quoted: bool },
    /// It is not a core module.
    Component,
}

/// The binary of a module.
///
/// # Errors
/// [`NoBinary`].
pub fn encode(wat: QuoteWat<'_>) -> Result<Vec<u8>, NoBinary> {
    let malformed = |error: wast::Error| NoBinary::Malformed {
        message: error.message(),
        offset: error.span().offset(),
        is_quoted: false,
    };
    if matches!(wat, QuoteWat::Wat(Wat::Component(_)) | QuoteWat::QuoteComponent(..)) {
        return Err(NoBinary::Component);
    }
    let mut wat = wat;
    match wat.to_test().map_err(malformed)? {
        QuoteWatTest::Binary(bytes) => Ok(bytes),
        QuoteWatTest::Text(text) => {
            let text = std::str::from_utf8(&text).map_err(|error| NoBinary::Malformed {
                message: error.to_string(),
                offset: error.valid_up_to(),
                is_quoted: true,
            })?;
            let quoted = |error| match malformed(error) {
                NoBinary::Malformed { message, offset, .. } => {
                    NoBinary::Malformed { message, offset, is_quoted: true }
                }
                other => other,
            };
            let buffer = buffer(text).map_err(quoted)?;
            let mut wat = parse::<Wat<'_>>(&buffer).map_err(quoted)?;
            wat.encode().map_err(quoted)
        }
    }
}

/// What is expected of each result; `None` for those of components.
pub fn patterns(results: &[WastRet<'_>]) -> Option<Vec<Pattern>> {
    let pattern = |result: &WastRet<'_>| match result {
        WastRet::Core(result) => Some(Pattern::from_wast(result)),
        _ => None,
    };
    results.iter().map(pattern).collect()
}
