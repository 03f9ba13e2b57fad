//! What is on the operand stack at each point of a function.

use wasmparser::{
    FuncValidatorAllocations, Parser, Payload, ValType, ValidPayload, Validator, WasmFeatures,
};

/// Stacks higher than this are not looked at.
const HEIGHT_MAX: u32 = 256;

/// The state before an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Point {
    /// Number of open blocks, the function's own included.
    pub(crate) depth: u32,
    /// Types on the operand stack of the whole function, the top last.
    pub(crate) stack: Vec<ValType>,
    /// Whether control never gets here, so that the stack says nothing.
    pub(crate) is_dead: bool,
}

/// The points before each instruction of the function body number `body`, and the
/// one after its last; `None` if the module is not valid.
pub(crate) fn points(bytes: &[u8], body: usize) -> Option<Vec<Point>> {
    let mut validator = Validator::new_with_features(WasmFeatures::all());
    let mut bodies = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        let payload: Payload<'_> = payload.ok()?;
        if let ValidPayload::Func(function, code) = validator.payload(&payload).ok()? {
            if bodies == body {
                return body_points(function, &code);
            }
            bodies += 1;
        }
    }
    None
}

fn body_points(
    function: wasmparser::FuncToValidate<wasmparser::ValidatorResources>,
    code: &wasmparser::FunctionBody<'_>,
) -> Option<Vec<Point>> {
    let mut validator = function.into_validator(FuncValidatorAllocations::default());
    for local in code.get_locals_reader().ok()? {
        let (count, ty) = local.ok()?;
        validator.define_locals(1, count, ty).ok()?;
    }
    let mut points = Vec::new();
    // The validator does not take 0 for an offset, and nobody reads the others.
    for (offset, operator) in (1..).zip(code.get_operators_reader().ok()?) {
        points.push(point(&validator));
        validator.op(offset, &operator.ok()?).ok()?;
    }
    points.push(point(&validator));
    Some(points)
}

fn point(validator: &wasmparser::FuncValidator<wasmparser::ValidatorResources>) -> Point {
    let height = validator.operand_stack_height();
    let frames = validator.control_stack_height();
    let is_unreachable = validator.get_control_frame(0).is_none_or(|frame| frame.unreachable);
    let mut is_dead = is_unreachable || height > HEIGHT_MAX;
    let mut stack = Vec::new();
    if !is_dead {
        for depth in (0..height as usize).rev() {
            match validator.get_operand_type(depth) {
                Some(Some(ty)) => stack.push(ty),
                _ => is_dead = true,
            }
        }
    }
    Point { depth: frames, stack, is_dead }
}
