//! What makes two divergences the same finding.

use std::fmt::{self, Write};
use std::str::FromStr;

use crate::divergence::{Divergence, DivergenceKind};
use crate::normal_outcome::NormalOutcome;

/// The part of a finding's signature that needs no look at the module: the kind, who stands
/// against whom, and what kind of outcome each side had.
///
/// It has no values, step numbers, names of the case or engine versions in it, so it stays
/// the same while a case is minimised, and over releases.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DivergenceSignature {
    /// What differs.
    pub kind: DivergenceKind,
    /// The sides, in the order of their engines.
    pub classes: Vec<SignatureClass>,
}

/// One side of a divergence.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SignatureClass {
    /// The ids of its engines, sorted.
    pub engines: Vec<String>,
    /// What kind of outcome they had.
    pub outcome: NormalOutcome,
}

impl Divergence {
    /// What makes it the same finding as another.
    pub fn signature(&self) -> DivergenceSignature {
        let class = |class: &crate::divergence::Class| SignatureClass {
            engines: class.engines.clone(),
            outcome: class.summary.clone(),
        };
        DivergenceSignature { kind: self.kind, classes: self.classes.iter().map(class).collect() }
    }
}

impl fmt::Display for DivergenceSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        for (at, class) in self.classes.iter().enumerate() {
            let separator = if at == 0 { ' ' } else { '|' };
            write!(f, "{separator}{}=", class.engines.join(","))?;
            write_escaped(&class.outcome.to_string(), f)?;
        }
        Ok(())
    }
}

/// What an engine says of itself may contain what ends a class, or what begins the class of
/// instructions behind all classes.
fn write_escaped(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut before = None;
    for char in text.chars() {
        let ends_class = matches!(char, '\\' | '|');
        if ends_class || (before == Some(' ') && char == '[') {
            f.write_char('\\')?;
        }
        f.write_char(char)?;
        before = Some(char);
    }
    Ok(())
}

/// The stored form read back.
impl FromStr for DivergenceSignature {
    type Err = String;

    fn from_str(text: &str) -> Result<DivergenceSignature, String> {
        let wrong = || format!("{text:?} is not the signature of a divergence");
        let (kind, rest) = text.split_once(' ').ok_or_else(wrong)?;
        let kind = DivergenceKind::ALL.iter().find(|known| known.name() == kind);
        let classes: Option<Vec<SignatureClass>> =
            parts(rest).iter().map(|part| class(part)).collect();
        Ok(DivergenceSignature {
            kind: *kind.ok_or_else(wrong)?,
            classes: classes.ok_or_else(wrong)?,
        })
    }
}

/// The classes of a stored signature, without escapes. What version 0.2.0 stored has none.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match (char, parts.last_mut()) {
            ('|', _) => parts.push(String::new()),
            ('\\', Some(part)) => part.extend(chars.next()),
            (char, Some(part)) => part.push(char),
            (_, None) => {}
        }
    }
    parts
}

fn class(text: &str) -> Option<SignatureClass> {
    let (engines, outcome) = text.split_once('=')?;
    let is_id = |id: &str| !id.is_empty() && !id.contains(char::is_whitespace);
    let engines: Vec<String> = engines.split(',').map(str::to_owned).collect();
    let outcome = NormalOutcome::from(outcome.to_owned());
    engines.iter().all(|id| is_id(id)).then_some(SignatureClass { engines, outcome })
}

/// A fault's message without what varies from run to run: numbers become `N`,
/// white space one blank, and only the beginning counts.
pub fn normalised_message(message: &str) -> String {
    const CHARS_MAX: usize = 80;
    let mut normal = String::new();
    let mut chars = message.chars().take(4 * CHARS_MAX).peekable();
    while let Some(c) = chars.next() {
        if c.is_ascii_digit() {
            normal.push('N');
            // `0x7f…` is a number too.
            while chars.next_if(|c| c.is_ascii_hexdigit() || *c == 'x' || *c == '_').is_some() {}
        } else if c.is_whitespace() || c.is_control() {
            if !normal.ends_with(' ') {
                normal.push(' ');
            }
        } else {
            normal.push(c);
        }
    }
    normal.trim().chars().take(CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn outcome() -> impl Strategy<Value = NormalOutcome> {
        prop_oneof![
            Just(NormalOutcome::Completed),
            prop::option::of("[if](32|64)").prop_map(NormalOutcome::Returned),
            ".{0,20}".prop_map(NormalOutcome::Fault),
            r"[\\|=\[\], a-c]{0,12}".prop_map(NormalOutcome::Fault),
            "SIG[A-Z]{3}|exit status 101".prop_map(NormalOutcome::Crash),
            "trap:[a-z_]{1,9}|rejected|hang|global:i32".prop_map(NormalOutcome::Named),
        ]
    }

    proptest! {
        #[test]
        fn a_signature_survives_its_text_form(
            kind in prop::sample::select(DivergenceKind::ALL),
            classes in prop::collection::vec(
                (prop::collection::vec("[a-z0-9-]{1,9}", 1..4), outcome()), 1..4),
        ) {
            let class = |(engines, outcome)| SignatureClass { engines, outcome };
            let classes = classes.into_iter().map(class).collect();
            let signature = DivergenceSignature { kind, classes };
            prop_assert_eq!(signature.to_string().parse(), Ok(signature));
        }
    }

    #[test]
    fn what_is_not_a_divergence_is_refused() {
        for text in ["", "result", "result a b: expected an end", "nothing a=returned"] {
            assert!(text.parse::<DivergenceSignature>().is_err(), "{text:?}");
        }
    }
}
