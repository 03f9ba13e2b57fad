//! Texts as trees of parentheses: read, and laid out for people.

/// An atom (keyword, number, string, identifier) or a list in parentheses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Anything without parentheses, strings with their quotes.
    Atom(String),
    /// A list.
    List(Vec<Node>),
}

/// Nesting beyond which a text is not laid out as a tree: the `wast` crate reads
/// little more than this either.
const DEPTH_MAX: usize = 90;

/// Columns that a line should not exceed.
const WIDTH: usize = 100;

/// Lists that stay on the line of the list they begin, unless that is a module.
const HEAD_LISTS: &[&str] =
    &["export", "import", "type", "param", "result", "local", "mut", "offset", "@name"];

impl Node {
    /// An atom.
    pub fn atom(text: impl Into<String>) -> Node {
        Node::Atom(text.into())
    }

    /// The list's members, if this is a list that begins with this keyword.
    pub fn list(&self, keyword: &str) -> Option<&[Node]> {
        match self {
            Node::List(nodes) if self.head() == Some(keyword) => Some(nodes),
            _ => None,
        }
    }

    /// The keyword that a list begins with.
    pub fn head(&self) -> Option<&str> {
        match self {
            Node::List(nodes) => nodes.first().and_then(Node::as_atom),
            Node::Atom(_) => None,
        }
    }

    /// The text of an atom.
    pub fn as_atom(&self) -> Option<&str> {
        match self {
            Node::Atom(text) => Some(text),
            Node::List(_) => None,
        }
    }

    /// The tree of a well-formed text that is one list, comments dropped; `None`
    /// if it is nested too deeply. Of two forms that the printer gives for one
    /// float, `0x1.8p+0 (;=1.5;)`, the shorter is kept.
    pub fn parse(text: &str) -> Option<Node> {
        let mut open: Vec<Vec<Node>> = vec![Vec::new()];
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let length = token_length(rest);
            let token = &rest[..length];
            match token {
                _ if token.starts_with(";;") => {}
                _ if token.starts_with("(;") => prefer_decimal(open.last_mut()?, token),
                "(" if open.len() > DEPTH_MAX => return None,
                "(" => open.push(Vec::new()),
                ")" => {
                    let list = open.pop()?;
                    open.last_mut()?.push(Node::List(list));
                }
                _ => open.last_mut()?.push(Node::atom(token)),
            }
            rest = rest[length..].trim_start();
        }
        let mut roots = open.pop()?;
        if open.is_empty() && roots.len() == 1 { roots.pop() } else { None }
    }

    /// The text on as few lines as its width allows.
    pub fn layout(&self) -> String {
        let mut text = String::new();
        write(self, 0, &mut text);
        text.push('\n');
        text
    }

    /// The length of the text on one line, counted up to `limit`.
    fn flat_length(&self, limit: usize) -> usize {
        match self {
            Node::Atom(text) => text.len(),
            Node::List(nodes) => {
                let mut length = 1 + nodes.len().max(1);
                for node in nodes {
                    if length > limit {
                        break;
                    }
                    length += node.flat_length(limit - length);
                }
                length
            }
        }
    }

    fn write_flat(&self, text: &mut String) {
        match self {
            Node::Atom(atom) => text.push_str(atom),
            Node::List(nodes) => {
                text.push('(');
                for (index, node) in nodes.iter().enumerate() {
                    if index > 0 {
                        text.push(' ');
                    }
                    node.write_flat(text);
                }
                text.push(')');
            }
        }
    }
}

/// The length of the token or comment at the start of a text that is not empty.
fn token_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    match bytes[0] {
        b'(' if bytes.get(1) == Some(&b';') => block_comment_length(bytes),
        b'(' | b')' => 1,
        b';' if bytes.get(1) == Some(&b';') => text.find('\n').unwrap_or(text.len()),
        b'"' => string_length(bytes),
        _ => {
            let mut index = 0;
            while let Some(&byte) = bytes.get(index) {
                match byte {
                    b'(' | b')' | b';' | b' ' | b'\n' | b'\t' | b'\r' => break,
                    // An identifier in quotes: `$"…"`.
                    b'"' => index += string_length(&bytes[index..]),
                    _ => index += 1,
                }
            }
            // A single `;` is no token of the format; it must not stop the walk.
            index.max(1)
        }
    }
}

fn string_length(bytes: &[u8]) -> usize {
    let mut index = 1;
    while index < bytes.len() && bytes[index] != b'"' {
        index += if bytes[index] == b'\\' { 2 } else { 1 };
    }
    (index + 1).min(bytes.len())
}

fn block_comment_length(bytes: &[u8]) -> usize {
    let mut depth = 0usize;
    let mut index = 0;
    while index < bytes.len() {
        match &bytes[index..bytes.len().min(index + 2)] {
            b"(;" => (depth, index) = (depth + 1, index + 2),
            b";)" => (depth, index) = (depth - 1, index + 2),
            _ => index += 1,
        }
        if depth == 0 {
            break;
        }
    }
    index
}

/// Replaces the hexadecimal float before the comment `(;=1.5;)` by the decimal.
fn prefer_decimal(nodes: &mut [Node], comment: &str) {
    let decimal = comment.strip_prefix("(;=").and_then(|text| text.strip_suffix(";)"));
    if let (Some(decimal), Some(Node::Atom(atom))) = (decimal, nodes.last_mut())
        && decimal.len() <= atom.len()
        && decimal.parse::<f64>().is_ok_and(f64::is_finite)
    {
        *atom = decimal.to_owned();
    }
}

/// Writes a node whose first character goes to column `indent`.
fn write(node: &Node, indent: usize, text: &mut String) {
    let room = WIDTH.saturating_sub(indent);
    let Node::List(nodes) = node else { return node.write_flat(text) };
    if node.flat_length(room) <= room {
        return node.write_flat(text);
    }
    text.push('(');
    let mut column = indent + 1;
    let mut in_head = true;
    for (index, child) in nodes.iter().enumerate() {
        let length = child.flat_length(WIDTH);
        let atom = child.as_atom().is_some();
        let head = atom
            || (node.head() != Some("module")
                && child.head().is_some_and(|head| HEAD_LISTS.contains(&head)));
        // After the head, atoms still share lines with atoms: flat instructions.
        let joins = (in_head && head) || (atom && nodes[index - 1].as_atom().is_some());
        in_head &= head;
        if index == 0 {
            column += length;
        } else if joins && column + 1 + length <= WIDTH {
            text.push(' ');
            column += 1 + length;
        } else {
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', indent + 2));
            column = indent + 2 + length;
        }
        write(child, column.saturating_sub(length), text);
    }
    text.push(')');
}
