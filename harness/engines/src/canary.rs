//! The canary: the reference with one planted defect, which a campaign must find.

use gainsay_case::{Capabilities, Engine};
use wasmparser::{Operator, Parser, Payload};

use crate::reference::reference;
use crate::wrapped::{Twist, wrap};

/// The reference, in which every `i32.lt_u` is an `i32.lt_s`: wrong for few
/// arguments only, and in code that is common but not in every module.
pub(crate) fn canary(language: &Capabilities) -> Result<Box<dyn Engine>, String> {
    Ok(wrap("canary", reference(language)?, Defect))
}

#[derive(Clone, Copy)]
struct Defect;

impl Twist for Defect {
    fn define(&mut self, _module: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        Some(plant(bytes))
    }
}

/// The opcode that is replaced and the one in its place (§ binary/instructions).
/// Both are one byte and of one type, so that nothing else in the module changes.
const RIGHT: u8 = 0x49;
const WRONG: u8 = 0x48;

/// The module with the defect in it. What cannot be parsed stays as it is: the
/// engine inside says what is wrong with it.
fn plant(bytes: &[u8]) -> Vec<u8> {
    let mut planted = bytes.to_vec();
    for payload in Parser::new(0).parse_all(bytes) {
        let Ok(payload) = payload else { break };
        let Payload::CodeSectionEntry(body) = payload else { continue };
        let Ok(operators) = body.get_operators_reader() else { continue };
        for operator in operators.into_iter_with_offsets() {
            let Ok((operator, offset)) = operator else { break };
            if matches!(operator, Operator::I32LtU)
                && let Some(opcode) = planted.get_mut(offset as usize)
                && *opcode == RIGHT
            {
                *opcode = WRONG;
            }
        }
    }
    planted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(operator: &str) -> Vec<u8> {
        // The constant 0x49 is no opcode and must survive.
        let text = format!(
            "(module (func (param i32) (result i32) (i32.const 0x49)
                (if (param i32) (result i32) (i32.const 1)
                  (then local.get 0 {operator}) (else)))
              (func (result i32) (i32.const 1) (i32.const 2) {operator}))"
        );
        wat::parse_str(text).expect("text")
    }

    #[test]
    fn only_the_one_operator_is_replaced() {
        assert_eq!(plant(&module("i32.lt_u")), module("i32.lt_s"));
        assert_eq!(plant(&module("i32.gt_u")), module("i32.gt_u"));
    }

    #[test]
    fn a_damaged_module_stays_as_it_is() {
        let bytes = module("i32.lt_u");
        assert_eq!(plant(&bytes[..20]), &bytes[..20]);
        assert_eq!(plant(b"nonsense"), b"nonsense");
    }
}
