//! Sections that the text format cannot say: those that are empty, and data
//! counts that nothing needs. Generators write them; a comment carries them.

use std::borrow::Cow;

/// Section ids with their names in the order of the binary format (§ binary/modules).
const ORDER: &[(u8, &str)] = &[
    (1, "type"),
    (2, "import"),
    (3, "function"),
    (4, "table"),
    (5, "memory"),
    (13, "tag"),
    (6, "global"),
    (7, "export"),
    (8, "start"),
    (9, "element"),
    (12, "data-count"),
    (10, "code"),
    (11, "data"),
];

const DATA: u8 = 11;
const DATA_COUNT: u8 = 12;

/// One section: its id, and where it is with and without its header.
struct Section<'a> {
    id: u8,
    body: &'a [u8],
    end: usize,
}

/// The sections that `whole` has and `part`, made from its text, lacks; `None` if
/// adding them as [`add`] does would not make `whole` out of `part`.
pub fn missing(whole: &[u8], part: &[u8]) -> Option<Vec<u8>> {
    let has: Vec<u8> = sections(part)?.iter().map(|section| section.id).collect();
    let ids: Vec<u8> = sections(whole)?
        .iter()
        .map(|section| section.id)
        .filter(|id| *id != 0 && !has.contains(id))
        .collect();
    (*add(part, &ids) == *whole).then_some(ids)
}

/// The binary with these sections added, each empty, the data count correct.
pub fn add<'a>(binary: &'a [u8], ids: &[u8]) -> Cow<'a, [u8]> {
    let mut binary = Cow::Borrowed(binary);
    for &id in ids {
        let Some(sections) = sections(&binary) else { break };
        let before = sections.iter().rev().find(|known| known.id != 0 && rank(known.id) < rank(id));
        let at = before.map_or(8, |section| section.end);
        let data = sections.iter().find(|section| section.id == DATA);
        let mut section = vec![id, 1, 0];
        if id == DATA_COUNT
            && let Some(data) = data
        {
            let count = leb_length(data.body);
            section = [&[id, count as u8], &data.body[..count]].concat();
        }
        binary.to_mut().splice(at..at, section);
    }
    binary
}

/// The name of a section.
pub fn name(id: u8) -> &'static str {
    ORDER.iter().find(|(known, _)| *known == id).map_or("custom", |(_, name)| name)
}

/// The section of a name.
pub fn id(name: &str) -> Option<u8> {
    ORDER.iter().find(|(_, known)| *known == name).map(|(id, _)| *id)
}

fn rank(id: u8) -> usize {
    ORDER.iter().position(|(known, _)| *known == id).unwrap_or(ORDER.len())
}

fn sections(binary: &[u8]) -> Option<Vec<Section<'_>>> {
    let mut sections = Vec::new();
    let mut at = 8;
    while at < binary.len() {
        let header = 1 + leb_length(&binary[at + 1..]);
        let size = leb(&binary[at + 1..])?;
        let start = at + header;
        let end = start.checked_add(size)?;
        sections.push(Section { id: binary[at], body: binary.get(start..end)?, end });
        at = end;
    }
    (binary.len() >= 8).then_some(sections)
}

fn leb_length(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| **byte >= 0x80).count().saturating_add(1).min(bytes.len())
}

fn leb(bytes: &[u8]) -> Option<usize> {
    let mut value = 0u64;
    for (index, byte) in bytes.get(..leb_length(bytes))?.iter().enumerate().take(5) {
        value |= u64::from(byte & 0x7f) << (7 * index);
    }
    usize::try_from(value).ok()
}
