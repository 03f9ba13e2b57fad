//! A binary in parts that can be changed without breaking the sizes around them.

/// The sections of a module; the code section in bodies.
#[derive(Clone, Debug)]
pub struct Sections(pub Vec<Section>);

/// One section.
#[derive(Clone, Debug)]
pub struct Section {
    pub id: u8,
    /// The contents; of the code section, one part for each body.
    pub parts: Vec<Vec<u8>>,
}

/// The code section's id (§ binary/modules).
pub const CODE: u8 = 10;

impl Sections {
    /// Split a module; nothing if its sizes are wrong.
    pub fn split(module: &[u8]) -> Option<Sections> {
        let mut rest = module.get(8..)?;
        let mut sections = Vec::new();
        while let [id, after @ ..] = rest {
            rest = after;
            let contents = sized(&mut rest)?;
            let parts = match *id {
                CODE => bodies(contents)?,
                _ => vec![contents.to_vec()],
            };
            sections.push(Section { id: *id, parts });
        }
        Some(Sections(sections))
    }

    /// The module, with all sizes as they must be.
    pub fn join(&self) -> Vec<u8> {
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        for Section { id, parts } in &self.0 {
            let mut contents = Vec::new();
            if *id == CODE {
                leb(&mut contents, parts.len());
            }
            for part in parts {
                if *id == CODE {
                    leb(&mut contents, part.len());
                }
                contents.extend(part);
            }
            module.push(*id);
            leb(&mut module, contents.len());
            module.extend(contents);
        }
        module
    }
}

fn bodies(mut contents: &[u8]) -> Option<Vec<Vec<u8>>> {
    let count = number(&mut contents)?;
    (0..count).map(|_| sized(&mut contents).map(<[u8]>::to_vec)).collect()
}

/// Take bytes with their count in front.
fn sized<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let size = number(bytes)?;
    let (taken, rest) = bytes.split_at_checked(size)?;
    *bytes = rest;
    Some(taken)
}

/// Take a u32.
fn number(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in 0..5 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= usize::from(byte & 0x7f) << (7 * shift);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn leb(bytes: &mut Vec<u8>, mut number: usize) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
