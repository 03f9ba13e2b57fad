//! Modules as text from which the same bytes come back.

use std::sync::Arc;

use wast::core::Module;
use wast::lexer::Lexer;
use wast::parser::{ParseBuffer, parse};

use super::abbreviations;
use super::sections;
use super::tree::Node;

/// The text of a module.
pub struct ModuleText {
    /// What stands between `(module $name` and `)`.
    pub fields: Vec<Node>,
    /// Sections to add to what the fields encode to, by id.
    pub sections: Vec<u8>,
    /// For a module given as bytes, what the bytes mean, if anything.
    pub comment: Option<String>,
    /// Whether the bytes can be decoded at all.
    pub decodable: bool,
}

/// Bytes of a module in one string of its text: lines of about 80 columns.
const BYTES_PER_STRING: usize = 25;

/// Lines of the comment that explains a module given as bytes.
const COMMENT_LINES_MAX: usize = 200;

impl ModuleText {
    /// The shortest text that gives back `bytes`: the printer's, with the
    /// abbreviations of the text format as far as they keep the bytes; else the
    /// bytes themselves.
    pub fn of(bytes: &[u8]) -> ModuleText {
        let mut comment = None;
        for folded in [true, false] {
            let Some(text) = disassemble(bytes, folded) else { continue };
            if let Some(tree) = Node::parse(&text) {
                for fields in abbreviations::abbreviated(&tree) {
                    if let Some(sections) =
                        encode(&fields).and_then(|e| sections::missing(bytes, &e))
                    {
                        return ModuleText { fields, sections, comment: None, decodable: true };
                    }
                }
            }
            comment.get_or_insert(text);
        }
        let string = |chunk: &[u8]| Node::atom(byte_string(chunk));
        let strings = bytes.chunks(BYTES_PER_STRING).map(string);
        let fields = std::iter::once(Node::atom("binary")).chain(strings).collect();
        let decodable = comment.is_some();
        let comment = comment.map(|text| shorten(&text));
        ModuleText { fields, sections: Vec::new(), comment, decodable }
    }

    /// The list `(module $name …)`, with a word after `module` if one is given.
    pub fn tree(&self, word: Option<&str>, name: &str) -> Node {
        let mut nodes = vec![Node::atom("module")];
        nodes.extend(word.map(Node::atom));
        nodes.push(Node::atom(super::constant::identifier(name)));
        nodes.extend(self.fields.iter().cloned());
        Node::List(nodes)
    }
}

/// The binary that the shortest text of `bytes` encodes to: the same module without
/// empty sections, needless data counts, unusual encodings and types that nothing
/// uses, its types in the order of their use. Its text form needs no comments, no
/// strings of bytes and mostly no types. `None` if the bytes are no module, or their
/// text says something else.
pub fn canonical(bytes: &[u8]) -> Option<Arc<[u8]>> {
    let tree = Node::parse(&disassemble(bytes, true)?)
        .or_else(|| Node::parse(&disassemble(bytes, false)?))?;
    abbreviations::abbreviated(&tree).iter().find_map(|fields| encode(fields)).map(Arc::from)
}

fn disassemble(bytes: &[u8], folded: bool) -> Option<String> {
    let mut text = String::new();
    wasmprinter::Config::new()
        .fold_instructions(folded)
        .print(bytes, &mut wasmprinter::PrintFmtWrite(&mut text))
        .ok()?;
    Some(text)
}

/// What a module of these fields encodes to.
fn encode(fields: &[Node]) -> Option<Vec<u8>> {
    let module = std::iter::once(Node::atom("module")).chain(fields.iter().cloned());
    let text = Node::List(module.collect()).layout();
    let mut lexer = Lexer::new(&text);
    lexer.allow_confusing_unicode(true);
    let buffer = ParseBuffer::new_with_lexer(lexer).ok()?;
    let mut file = parse::<OneModule<'_>>(&buffer).ok()?;
    file.0.encode().ok()
}

/// A module in parentheses and nothing else.
struct OneModule<'a>(Module<'a>);

impl<'a> wast::parser::Parse<'a> for OneModule<'a> {
    fn parse(parser: wast::parser::Parser<'a>) -> wast::parser::Result<Self> {
        parser.parens(|parser| parser.parse()).map(OneModule)
    }
}

fn byte_string(bytes: &[u8]) -> String {
    let mut literal = String::from("\"");
    for byte in bytes {
        literal.push_str(&format!("\\{byte:02x}"));
    }
    literal.push('"');
    literal
}

/// A text as lines of comment.
fn shorten(text: &str) -> String {
    let mut comment = String::new();
    for line in text.lines().take(COMMENT_LINES_MAX) {
        comment.push_str(format!(";; {line}").trim_end());
        comment.push('\n');
    }
    if text.lines().count() > COMMENT_LINES_MAX {
        comment.push_str(";; and so on\n");
    }
    comment
}
