//! Mutates a text: whole forms of a script, and numbers in them.

use crate::rng::Rng;

/// Where the parenthesised forms at the top of a text stand; those in comments and strings
/// count as what is around them.
fn forms(text: &str) -> Vec<std::ops::Range<usize>> {
    let (mut found, mut depth, mut start, mut in_string, mut in_comment) =
        (Vec::new(), 0u32, 0, false, false);
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '\n' => in_comment = false,
            _ if in_comment => {}
            '"' if !escaped => in_string = !in_string,
            _ if in_string => {}
            ';' if text[at..].starts_with(";;") => in_comment = true,
            '(' => {
                if depth == 0 {
                    start = at;
                }
                depth += 1;
            }
            ')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    found.push(start..at + 1);
                }
            }
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    found
}

/// The text with a form left out, doubled or moved, or with a number changed.
pub(crate) fn mutate(text: &str, rng: &mut Rng) -> Option<String> {
    let forms = forms(text);
    let form = rng.one_of(&forms)?.clone();
    let (before, inside, after) = (&text[..form.start], &text[form.clone()], &text[form.end..]);
    Some(match rng.below(4) {
        0 => format!("{before}{after}"),
        1 => format!("{before}{inside}\n{inside}{after}"),
        2 => format!("{before}{after}\n{inside}\n"),
        _ => format!("{before}{}{after}", with_a_number_changed(inside, rng)?),
    })
}

fn with_a_number_changed(form: &str, rng: &mut Rng) -> Option<String> {
    let is_start = |at: &usize| {
        let bytes = form.as_bytes();
        bytes[*at].is_ascii_digit() && (*at == 0 || !bytes[at - 1].is_ascii_alphanumeric())
    };
    let starts: Vec<usize> = (0..form.len()).filter(is_start).collect();
    let start = *rng.one_of(&starts)?;
    let len = form[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(form.len() - start);
    const NUMBERS: [&str; 8] =
        ["0", "1", "2", "127", "65536", "2147483647", "4294967295", "9223372036854775807"];
    let number = NUMBERS[rng.below(NUMBERS.len())];
    Some(format!("{}{number}{}", &form[..start], &form[start + len..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_found_around_comments_and_strings() {
        let text = ";; (no\n(a (b) \"(\\\"\") x (c)";
        let found: Vec<&str> = forms(text).into_iter().map(|form| &text[form]).collect();
        assert_eq!(found, ["(a (b) \"(\\\"\")", "(c)"]);
    }

    #[test]
    fn every_kind_of_mutation_happens_and_unbalanced_text_is_accepted() {
        let text = "(a 17) (b)";
        let mutated: std::collections::BTreeSet<_> =
            (0..200).filter_map(|seed| mutate(text, &mut Rng::new(seed))).collect();
        assert!(mutated.len() > 10, "{mutated:?}");
        for text in ["", "(", ")", "\"", "(\\", "((\u{1F600})"] {
            (0..20).for_each(|seed| _ = mutate(text, &mut Rng::new(seed)));
        }
    }
}
