//! The target `validate`: accept or refuse, the reference's decoder and validator against
//! wasmparser.
//!
//! Inputs are binaries; those that do not begin with the magic number are decisions, so that
//! both kinds are reached from one corpus.

use std::ops::Range;

use gainsay_case::Proposal;
use gainsay_engines::validity::{self, Comparison};
use gainsay_generate::{Decisions, module_from, proposals_in};
use wasmparser::BinaryReader;

use crate::floor::{Floor, Shortfall};
use crate::ledger::Ledger;
use crate::mutate;
use crate::target::{Finding, Taken, Target};

/// With what every binary begins (§ binary/modules).
const MAGIC: &[u8] = b"\0asm";

/// Sections by their numbers (§ binary/modules, sections).
const SECTIONS: [&str; 14] = [
    "custom",
    "type",
    "import",
    "function",
    "table",
    "memory",
    "global",
    "export",
    "start",
    "element",
    "code",
    "data",
    "data count",
    "tag",
];

/// The target's state: what was counted.
#[derive(Default)]
pub struct Validate {
    ledger: Ledger,
}

impl Target for Validate {
    const NAME: &'static str = "validate";

    fn open() -> Validate {
        Validate::default()
    }

    fn take(&mut self, bytes: &[u8]) -> Result<Taken, Finding> {
        self.ledger.count("inputs");
        let binary = binary_of(bytes);
        self.ledger.count("modules");
        self.ledger.add("bytes of modules", binary.len() as u64);
        match validity::compare(&binary) {
            Comparison::BothAccept => self.accepted(&binary),
            Comparison::BothReject => self.refused(&binary),
            Comparison::Limit => self.ledger.count("limit"),
            Comparison::Differ(difference) => return Err(Finding(difference.to_string())),
        }
        Ok(Taken::Used)
    }

    /// Every other mutation keeps the structure of a module.
    fn mutate(input: &[u8], size_max: usize, seed: u32) -> Option<Vec<u8>> {
        let is_module = input.starts_with(MAGIC) && seed.is_multiple_of(2);
        is_module.then(|| mutate::module(input, size_max, seed / 2)).flatten()
    }

    /// Whether it is accepted, its sections, and the proposals in it.
    fn meaning(&mut self, bytes: &[u8]) -> String {
        let binary = binary_of(bytes);
        let verdict = match validity::reference(&binary) {
            Ok(()) => "accepted".to_owned(),
            Err(error) => match section_at(&binary, error.offset) {
                Some(section) => format!("refused in section {section}"),
                None => "refused".to_owned(),
            },
        };
        let proposals: Vec<&str> =
            proposals_in(&binary).into_iter().map(|proposal| proposal.name()).collect();
        format!("{verdict}, {} bytes: {}", binary.len(), proposals.join(" "))
    }

    fn ledger(&self) -> Ledger {
        self.ledger.clone()
    }

    /// Each section and each proposal was in a module that was accepted; each section had a
    /// fault for which a module was refused, and each proposal was in such a module.
    fn shortfalls(&self) -> Vec<Shortfall> {
        let mut floor = Floor::of(&self.ledger).rejected_one_in(10);
        for verdict in ["accepted", "refused"] {
            for section in SECTIONS {
                floor = floor.reached(&format!("{verdict} section {section}"));
            }
            for proposal in Proposal::ALL {
                floor = floor.reached(&format!("{verdict} proposal {proposal}"));
            }
        }
        floor.shortfalls()
    }
}

/// The binary that an input stands for.
pub(crate) fn binary_of(bytes: &[u8]) -> Vec<u8> {
    match bytes.starts_with(MAGIC) {
        true => bytes.to_vec(),
        false => module_from(Decisions::of(bytes)),
    }
}

impl Validate {
    fn accepted(&mut self, binary: &[u8]) {
        self.ledger.count("accepted");
        for (section, _) in sections(binary) {
            self.ledger.count(&format!("accepted section {section}"));
        }
        self.proposals("accepted", binary);
    }

    fn refused(&mut self, binary: &[u8]) {
        self.ledger.count("refused");
        let Err(error) = validity::reference(binary) else { return };
        self.ledger.count(&format!("refused rule {}", error.section));
        if let Some(section) = section_at(binary, error.offset) {
            self.ledger.count(&format!("refused section {section}"));
        }
        self.proposals("refused", binary);
    }

    fn proposals(&mut self, verdict: &str, binary: &[u8]) {
        for proposal in proposals_in(binary) {
            self.ledger.count(&format!("{verdict} proposal {proposal}"));
        }
    }
}

/// The section that the byte at `offset` is in.
pub(crate) fn section_at(binary: &[u8], offset: usize) -> Option<&'static str> {
    let sections = sections(binary);
    sections.into_iter().find(|(_, range)| range.contains(&offset)).map(|(section, _)| section)
}

/// The sections of a binary, by name and place, as far as their headers can be read: what is
/// in a section may be wrong (§ binary/modules, sections).
pub(crate) fn sections(binary: &[u8]) -> Vec<(&'static str, Range<usize>)> {
    const HEADER_BYTES: usize = 8;
    let mut found = Vec::new();
    let mut reader = BinaryReader::new(binary, 0);
    if reader.read_bytes(HEADER_BYTES).is_err() {
        return found;
    }
    while let Ok(id) = reader.read_u8()
        && let Ok(len) = reader.read_var_u32()
    {
        let start = reader.original_position() as usize;
        if reader.read_bytes(len as usize).is_err() {
            break;
        }
        if let Some(name) = SECTIONS.get(usize::from(id)) {
            found.push((*name, start..start + len as usize));
        }
    }
    found
}
