//! Modules of one operator each.

/// Value types by their bytes (§ binary/types).
pub const I32: u8 = 0x7f;
pub const I64: u8 = 0x7e;
pub const F32: u8 = 0x7d;
pub const F64: u8 = 0x7c;
pub const V128: u8 = 0x7b;

/// Operands that operators take, and some that none does.
const PARAMS: &[&[u8]] = &[
    &[],
    &[I32],
    &[I64],
    &[F32],
    &[F64],
    &[V128],
    &[I32, V128],
    &[I64, V128],
    &[V128, I32],
    &[V128, I64],
    &[V128, F32],
    &[V128, F64],
    &[I64, I64],
    &[V128, V128],
    &[V128, V128, V128],
    &[I64, I64, I64, I64],
];

/// Results, likewise.
const RESULTS: &[&[u8]] = &[&[], &[I32], &[I64], &[F32], &[F64], &[V128], &[I64, I64]];

/// An operator behind a prefix byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Opcode {
    pub prefix: u8,
    pub number: u32,
}

/// Where relaxed vector operators begin.
pub const RELAXED_FROM: u32 = 0x100;

/// Opcodes that are of the proposals, and their neighbours.
pub fn opcodes() -> impl Iterator<Item = Opcode> {
    let vector = (0..0x140).map(|number| Opcode { prefix: 0xfd, number });
    let wide = (0x12..0x20).map(|number| Opcode { prefix: 0xfc, number });
    vector.chain(wide)
}

/// A function of one operator in a module with a memory of one page. It takes the
/// operands, is exported as `run`, and the memory as `memory`.
#[derive(Clone, Debug)]
pub struct Form {
    pub opcode: Opcode,
    pub immediates: Vec<u8>,
    pub params: &'static [u8],
    pub results: &'static [u8],
}

impl Form {
    pub fn binary(&self) -> Vec<u8> {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        let mut ty = vec![1, 0x60];
        ty.extend(list(self.params));
        ty.extend(list(self.results));
        section(&mut bytes, 1, &ty);
        section(&mut bytes, 3, &[1, 0]);
        section(&mut bytes, 5, &[1, 0, 1]);
        section(&mut bytes, 7, b"\x02\x03run\0\0\x06memory\x02\0");
        let mut body = vec![0];
        for local in 0..self.params.len() {
            body.extend([0x20, local as u8]);
        }
        body.push(self.opcode.prefix);
        leb(&mut body, self.opcode.number);
        body.extend(&self.immediates);
        body.push(0x0b);
        let mut code = vec![1];
        code.extend(list(&body));
        section(&mut bytes, 10, &code);
        bytes
    }
}

/// Forms of an operator with all operands, results and immediates that it may have,
/// and wrong ones.
pub fn all_forms(opcode: Opcode) -> Vec<Form> {
    let mut forms = Vec::new();
    for immediates in immediates() {
        for params in PARAMS {
            for results in RESULTS {
                forms.push(Form { opcode, immediates: immediates.clone(), params, results });
            }
        }
    }
    forms
}

/// Nothing, lanes, memory arguments, both, sixteen bytes. No lane is zero where that
/// byte could be taken for `unreachable`, after which every type is right.
fn immediates() -> Vec<Vec<u8>> {
    let mut all = vec![Vec::new()];
    let lanes = [1, 2, 3, 4, 7, 8, 15, 16];
    all.extend(lanes.map(|lane| vec![lane]));
    all.extend((0..=5).map(|align| vec![align, 3]));
    all.extend((0..=4).map(|align| vec![align, 5, 1]));
    all.extend(lanes.map(|lane| vec![0, 5, lane]));
    let bytes: Vec<u8> = (1..17).map(|byte| byte * 7 % 32).collect();
    let mut too_large = bytes.clone();
    too_large[9] = 32;
    all.extend([vec![0], bytes, too_large]);
    all
}

fn section(bytes: &mut Vec<u8>, id: u8, contents: &[u8]) {
    bytes.push(id);
    bytes.extend(list(contents));
}

/// Bytes with their count in front.
fn list(contents: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    leb(&mut bytes, contents.len() as u32);
    bytes.extend(contents);
    bytes
}

fn leb(bytes: &mut Vec<u8>, mut number: u32) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
