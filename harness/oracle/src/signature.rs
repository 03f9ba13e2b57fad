//! What makes two divergences the same finding.

use crate::divergence::Divergence;

impl Divergence {
    /// The part of a finding's signature that needs no look at the module: the
    /// kind, who stands against whom, and what kind of outcome each side had.
    ///
    /// It has no values, step numbers, names of the case or engine versions in
    /// it, so it stays the same while a case is minimised, and over releases.
    pub fn signature_base(&self) -> String {
        let classes: Vec<String> = self
            .classes
            .iter()
            .map(|class| format!("{}={}", class.engines.join(","), class.summary))
            .collect();
        format!("{} {}", self.kind, classes.join("|"))
    }
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
