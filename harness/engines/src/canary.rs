//! The canary: the reference with one planted defect, which a campaign must find.

use gainsay_case::{Capabilities, Engine};
use wasmparser::{Operator, Parser, Payload};

use crate::reference::reference;
use crate::wrapped::{FaultInjector, wrap};

/// The reference, in which every `i32.mul` is an `i32.add`. About one generated
/// module in ten multiplies and one in a hundred lets it be seen: a campaign finds
/// it within a few hundred cases, and not in any case. It may be no operator that
/// the generator ends loops with, or a case would run for ever.
pub(crate) fn canary(language: &Capabilities) -> Result<Box<dyn Engine>, String> {
    Ok(wrap("canary", reference(language)?, Defect))
}

#[derive(Clone, Copy)]
struct Defect;

impl FaultInjector for Defect {
    fn define(&mut self, _module: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        Some(plant(bytes))
    }
}

/// The opcode that is replaced and the one in its place (§ binary/instructions).
/// Both are one byte and of one type, so that nothing else in the module changes.
const RIGHT: u8 = 0x6c;
const WRONG: u8 = 0x6a;

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
            if matches!(operator, Operator::I32Mul)
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
        // The constant 0x6c is no opcode and must survive, as must the 64-bit one.
        let text = format!(
            "(module (func (param i32) (result i32) (i32.const 0x6c) (drop (i64.mul (i64.const 2) (i64.const 3)))
                (if (param i32) (result i32) (i32.const 1)
                  (then local.get 0 {operator}) (else)))
              (func (result i32) (i32.const 1) (i32.const 2) {operator}))"
        );
        wat::parse_str(text).expect("text")
    }

    #[test]
    fn only_the_one_operator_is_replaced() {
        assert_eq!(plant(&module("i32.mul")), module("i32.add"));
        assert_eq!(plant(&module("i32.sub")), module("i32.sub"));
    }

    #[test]
    fn it_multiplies_wrongly_and_does_all_else_as_the_reference() {
        use gainsay_case::{Limits, Proposal, Value};
        let text = r#"(module (func (export "mul") (param i32 i32) (result i32)
            (i32.mul (local.get 0) (local.get 1)))
            (func (export "sub") (param i32 i32) (result i32)
            (i32.sub (local.get 0) (local.get 1))))"#;
        let engine = canary(&Proposal::ALL.iter().copied().collect()).expect("an engine");
        let mut session = engine.session(&Limits::default()).expect("a session");
        session.define("m", &wat::parse_str(text).expect("text")).expect("valid");
        session.instantiate("m", "i").expect("an instance");
        let args = [Value::I32(6), Value::I32(4)];
        assert_eq!(session.invoke("i", "mul", &args), Ok(vec![Value::I32(10)]));
        assert_eq!(session.invoke("i", "sub", &args), Ok(vec![Value::I32(2)]));
    }

    #[test]
    fn a_damaged_module_stays_as_it_is() {
        let bytes = module("i32.mul");
        assert_eq!(plant(&bytes[..20]), &bytes[..20]);
        assert_eq!(plant(b"nonsense"), b"nonsense");
    }
}
