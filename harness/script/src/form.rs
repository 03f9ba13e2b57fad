//! The top-level forms of a script, found by their parentheses alone: what is wrong in
//! one of them, or newer than this program, then costs that one and no other.

use crate::directive::FormKind;
use gainsay_case::text::Place;

/// A top-level form of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form<'s> {
    /// Where it begins in the script, in bytes.
    pub offset: usize,
    /// From its first parenthesis to its last.
    pub text: &'s str,
    /// Whether it is a module without a form around its fields, which is the whole script.
    pub is_bare_module: bool,
}

/// What a field of a module begins with (§ text/modules).
const FIELDS: &[&str] = &[
    "type", "rec", "import", "func", "table", "memory", "global", "tag", "export", "start", "elem",
    "data",
];

/// Where the form of this number stands in a script; the script's beginning if there is none.
pub fn place(source: &str, form: usize) -> Place {
    let offset = forms(source).get(form).map_or(0, Form::place_offset);
    Lines::of(source).place(offset)
}

/// How many assertions a form makes, those of a thread among them.
pub fn assertions(form: Form<'_>) -> u64 {
    match FormKind::of(form) {
        FormKind::Assertion | FormKind::Refusal => 1,
        FormKind::Component => u64::from(form.words().next() != Some("component")),
        _ => form.thread().iter().map(|form| assertions(*form)).sum(),
    }
}

/// The forms of a script, in order. What stands between two of them and is no comment is
/// a form as well, with which nothing can be done.
pub fn forms(source: &str) -> Vec<Form<'_>> {
    let forms = split(source, 0);
    let first = forms.first().and_then(|form| form.words().next());
    if first.is_some_and(|word| FIELDS.contains(&word)) {
        return vec![Form { offset: 0, text: source, is_bare_module: true }];
    }
    forms
}

/// The forms of a text that begins at `base` in the script.
fn split(text: &str, base: usize) -> Vec<Form<'_>> {
    let bytes = text.as_bytes();
    let mut forms = Vec::new();
    let mut at = skip_blank(bytes, 0);
    while at < bytes.len() {
        let end = if bytes[at] == b'(' { end_of_list(bytes, at) } else { end_of_stray(bytes, at) };
        forms.push(Form { offset: base + at, text: &text[at..end], is_bare_module: false });
        at = skip_blank(bytes, end);
    }
    forms
}

impl<'s> Form<'s> {
    /// Its first words, with the parentheses left out.
    pub fn words(&self) -> impl Iterator<Item = &'s str> + use<'s> {
        let (text, mut at) = (self.text, 0);
        std::iter::from_fn(move || {
            let bytes = text.as_bytes();
            at = skip_blank(bytes, at);
            while bytes.get(at) == Some(&b'(') {
                at = skip_blank(bytes, at + 1);
            }
            let from = at;
            at += bytes[from..].iter().take_while(|byte| is_word(**byte)).count();
            (at > from).then(|| &text[from..at])
        })
    }

    /// Whether these are its first words.
    pub fn begins(&self, words: &[&str]) -> bool {
        self.words().take(words.len()).eq(words.iter().copied())
    }

    /// The name of the module, definition or component that it is.
    pub fn name(&self) -> Option<String> {
        let word = self.words().skip(1).find(|word| *word != "definition" && *word != "instance");
        word.and_then(|word| word.strip_prefix('$')).map(str::to_owned)
    }

    /// The forms that a thread takes (threads proposal); none if it is no thread.
    pub fn thread(&self) -> Vec<Form<'s>> {
        if !self.begins(&["thread"]) {
            return Vec::new();
        }
        let inner = self.text[1..].strip_suffix(')').unwrap_or(&self.text[1..]);
        let mut forms = split(inner, self.offset + 1);
        forms.retain(|form| form.text.starts_with('(') && !form.begins(&["shared"]));
        forms
    }

    /// The name of the instance that a thread shares.
    pub fn shared(&self) -> Option<&'s str> {
        let mut words = self.words().skip(2);
        let is_shared = words.next() == Some("shared") && words.next() == Some("module");
        words.next().filter(|_| is_shared)?.strip_prefix('$')
    }

    /// Where its first word stands in the script, which is how places of directives are
    /// told.
    pub fn place_offset(&self) -> usize {
        let bytes = self.text.as_bytes();
        let is_list = bytes.first() == Some(&b'(') && !self.is_bare_module;
        self.offset + if is_list { skip_blank(bytes, 1) } else { skip_blank(bytes, 0) }
    }
}

/// Where lines begin, for places of many forms.
#[derive(Clone, Debug)]
pub struct Lines(Vec<usize>);

impl Lines {
    /// Those of a script.
    pub fn of(source: &str) -> Lines {
        let newlines = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Lines(std::iter::once(0).chain(newlines.map(|(at, _)| at + 1)).collect())
    }

    /// The place of a byte.
    pub fn place(&self, offset: usize) -> Place {
        let line = self.0.partition_point(|start| *start <= offset);
        Place { line, column: offset - self.0[line - 1] + 1 }
    }
}

/// The end of spaces, comments and annotations (§ text/lexical).
fn skip_blank(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    loop {
        match &bytes[at.min(bytes.len())..] {
            [b' ' | b'\t' | b'\n' | b'\r', ..] => at += 1,
            [b';', b';', ..] => at = end_of_line(bytes, at),
            [b'(', b';', ..] => at = end_of_comment(bytes, at),
            [b'(', b'@', ..] => at = end_of_list(bytes, at),
            _ => return at.min(bytes.len()),
        }
    }
}

fn end_of_line(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| from + at)
}

/// Block comments nest.
fn end_of_comment(bytes: &[u8], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0);
    while at < bytes.len() {
        match &bytes[at..] {
            [b'(', b';', ..] => (depth, at) = (depth + 1, at + 2),
            [b';', b')', ..] if depth == 1 => return at + 2,
            [b';', b')', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    bytes.len()
}

fn end_of_string(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// After the parenthesis that closes the one at `from`; the end of the script if none does.
fn end_of_list(bytes: &[u8], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0usize);
    while at < bytes.len() {
        at = match &bytes[at..] {
            [b'"', ..] => end_of_string(bytes, at),
            [b';', b';', ..] => end_of_line(bytes, at),
            [b'(', b';', ..] => end_of_comment(bytes, at),
            [b')', ..] if depth == 1 => return at + 1,
            [byte, ..] => {
                match byte {
                    b'(' => depth += 1,
                    b')' => depth -= 1,
                    _ => {}
                }
                at + 1
            }
            [] => break,
        };
    }
    bytes.len()
}

/// Where the next list begins.
fn end_of_stray(bytes: &[u8], from: usize) -> usize {
    let rest = &bytes[from + 1..];
    rest.iter().position(|byte| *byte == b'(').map_or(bytes.len(), |at| from + 1 + at)
}

/// § text/values, `idchar`, and what keywords are made of.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_graphic()
        && !matches!(byte, b'"' | b'(' | b')' | b',' | b';' | b'[' | b']')
        && !matches!(byte, b'{' | b'}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<&str> {
        forms(source).into_iter().map(|form| form.text).collect()
    }

    #[test]
    fn forms_are_found_by_their_parentheses() {
        let source = r#";; (a)
            (module quote "(\")" (; ( (; ;) ;) ) ;; )
            (@note (x)) (invoke "f")"#;
        assert_eq!(texts(source).len(), 2);
        assert!(forms(source)[1].begins(&["invoke"]));
    }

    #[test]
    fn an_unclosed_form_ends_with_the_script() {
        for source in ["(module (func", "(module \"", "(; (module)", "(invoke \"a\\", "(module))"] {
            let ends: Vec<_> = forms(source).iter().map(|form| form.text.len()).collect();
            assert!(ends.iter().sum::<usize>() <= source.len(), "{source}");
        }
        assert_eq!(texts("(module) x ) (module)"), ["(module)", "x ) ", "(module)"]);
    }

    #[test]
    fn fields_without_a_module_are_one() {
        let form = forms("(func)\n(memory 1)")[0];
        assert!(form.is_bare_module);
        assert_eq!(form.text, "(func)\n(memory 1)");
    }

    #[test]
    fn names_and_places_are_found_after_what_may_stand_before_them() {
        let form = forms("\n ( (;c;) module definition $m (func))")[0];
        assert_eq!(form.name().as_deref(), Some("m"));
        let lines = Lines::of("\n ( (;c;) module definition $m (func))");
        assert_eq!(lines.place(form.place_offset()), Place { line: 2, column: 10 });
        assert!(!forms("(module binary)")[0].begins(&["module", "instance"]));
    }
}
