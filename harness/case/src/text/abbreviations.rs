//! The abbreviations of the text format: exports written where the thing is
//! defined, types written where they are used (§ text/modules).

use std::collections::BTreeMap;

use super::tree::Node;

/// The fields of a module in several forms, the shortest first. They need not
/// encode to the same bytes: abbreviations can reorder types and exports.
pub fn abbreviated(module: &Node) -> Vec<Vec<Node>> {
    let Some(plain) = plain(module) else { return Vec::new() };
    let mut forms = Vec::new();
    let exported = inline_exports(plain.clone());
    forms.extend(inline_types(&exported));
    if exported != plain {
        forms.push(exported);
    }
    forms.push(plain);
    forms
}

/// The fields of a module as they are, its name as an annotation, which does not
/// take the place of the name that a script gives it.
pub fn plain(module: &Node) -> Option<Vec<Node>> {
    let mut fields = module.list("module")?[1..].to_vec();
    if let Some(name) = fields.first().and_then(Node::as_atom).and_then(|id| id.strip_prefix('$')) {
        let literal = if name.starts_with('"') { name.to_owned() } else { format!("\"{name}\"") };
        let literal = literal.replace('\\', if name.starts_with('"') { "\\" } else { "\\\\" });
        let annotation = Node::List(vec![Node::atom("@name"), Node::atom(literal)]);
        fields.remove(0);
        // The printer's own annotation says more exactly what the name is.
        if fields.first().is_none_or(|field| field.list("@name").is_none()) {
            fields.insert(0, annotation);
        }
    }
    Some(fields)
}

/// The fields with as many exports as keep their order moved into the definitions
/// they export; the others last.
fn inline_exports(fields: Vec<Node>) -> Vec<Node> {
    if fields.iter().any(imports_several) {
        // How many definitions such an import makes depends on its own abbreviations.
        return fields;
    }
    let (exports, mut fields): (Vec<Node>, Vec<Node>) =
        fields.into_iter().partition(|field| field.list("export").is_some());
    let definitions = definitions(&fields);
    let mut first_allowed = 0;
    let mut exports = exports.into_iter().peekable();
    while let Some(export) = exports.peek() {
        let Some((name, kind, index)) = exported(export) else { break };
        let Some(&Some(position)) = definitions.get(&kind).and_then(|all| all.get(index)) else {
            break;
        };
        let Node::List(definition) = &mut fields[position] else { break };
        if position < first_allowed {
            break;
        }
        let after_head = |node: &&Node| {
            node.as_atom().is_some_and(|atom| atom.starts_with('$') || atom == kind)
                || node.list("@name").is_some()
                || node.list("export").is_some()
        };
        let at = definition.iter().take_while(after_head).count();
        definition.insert(at, Node::List(vec![Node::atom("export"), Node::atom(name)]));
        first_allowed = position;
        exports.next();
    }
    fields.extend(exports);
    fields
}

/// Whether this is an import of several items from one module (proposal compact
/// import section).
fn imports_several(field: &Node) -> bool {
    field.list("import").is_some_and(|import| import.iter().any(|n| n.list("item").is_some()))
}

/// `(export "name" (kind index))`.
fn exported(export: &Node) -> Option<(String, String, usize)> {
    let [_, Node::Atom(name), Node::List(item)] = export.list("export")? else { return None };
    let [Node::Atom(kind), Node::Atom(index)] = item.as_slice() else { return None };
    Some((name.clone(), kind.clone(), index.parse().ok()?))
}

/// For each kind of definition, in order, its position among the fields; `None`
/// for an import.
fn definitions(fields: &[Node]) -> BTreeMap<String, Vec<Option<usize>>> {
    let mut definitions: BTreeMap<String, Vec<Option<usize>>> = BTreeMap::new();
    for (position, field) in fields.iter().enumerate() {
        let imported = field.list("import").and_then(|import| import.last()?.head());
        if let Some(kind) = imported {
            definitions.entry(kind.to_owned()).or_default().push(None);
        } else if let Some(kind) = field.head() {
            definitions.entry(kind.to_owned()).or_default().push(Some(position));
        }
    }
    definitions
}

/// The fields without their types, each written where it is used; `None` if there
/// are no types, or others than unnamed function types.
fn inline_types(fields: &[Node]) -> Option<Vec<Node>> {
    let mut types = Vec::new();
    for field in fields {
        match field.list("type") {
            Some([_, function]) => types.push(function.list("func")?[1..].to_vec()),
            Some(_) => return None,
            None if field.head() == Some("rec") => return None,
            None => {}
        }
    }
    if types.is_empty() {
        return None;
    }
    let uses = fields.iter().filter(|field| field.list("type").is_none());
    Some(uses.map(|field| with_types(field, &types)).collect())
}

/// A node with every `(type n)` replaced by the parameters and results of that
/// type, unless they follow anyway.
fn with_types(node: &Node, types: &[Vec<Node>]) -> Node {
    let Node::List(nodes) = node else { return node.clone() };
    let mut replaced = Vec::with_capacity(nodes.len());
    for (index, child) in nodes.iter().enumerate() {
        let used = match child.list("type") {
            Some([_, Node::Atom(index)]) => index.parse().ok().and_then(|n: usize| types.get(n)),
            _ => None,
        };
        let Some(used) = used else {
            replaced.push(with_types(child, types));
            continue;
        };
        let next = nodes.get(index + 1).and_then(Node::head);
        if !matches!(next, Some("param" | "result")) {
            replaced.extend(used.iter().cloned());
        }
    }
    Node::List(replaced)
}
