// What engines say when something fails. The API tells a trap, a module that is refused and one
// that does not link apart; the rest are messages, of V8 and of JavaScriptCore.

/** A step's failure, as the protocol has it. */
export class Failure extends Error {
  constructor(why, detail) {
    super(why);
    this.value = detail === undefined ? { why } : { why, detail };
  }
}

const TRAPS = [
  [/^unreachable|Unreachable code/, "unreachable"],
  [/data segment|[Oo]ut of bounds memory|memory access out of bounds|memory index is out of bounds/, "memory_out_of_bounds"],
  [/array element access out of bounds|[Oo]ut of bounds array/, "array_out_of_bounds"],
  [/table index is out of bounds|element segment|[Oo]ut of bounds (table|call_indirect)|[Tt]able access out of bounds|table initializer|table or element/, "table_out_of_bounds"],
  [/divide by zero|remainder by zero|[Dd]ivision by zero/, "divide_by_zero"],
  [/divide result unrepresentable|Integer overflow/, "integer_overflow"],
  [/^null function$/, "uninitialized_element"],
  [/dereferencing a null|rethrowing null|null reference|[Cc]all_ref|call to a null|null (i31|struct|array)|to a null|is null/, "null_reference"],
  [/illegal cast|ref\.cast|[Cc]ast/, "cast_failure"],
  [/unaligned|[Uu]naligned/, "unaligned_atomic"],
  [/Atomics\.wait cannot|[Ss]hared memory|not shared/, "expected_shared_memory"],
];

/** Messages that stand for two traps, and how each of them is called; see diagnosis.mjs. */
export const AMBIGUOUS = [
  [/function signature mismatch|call_indirect to a signature/, "uninitialized_element", "indirect_call_type_mismatch"],
  [/float unrepresentable in integer range|Out of bounds Trunc/, "invalid_conversion", "integer_overflow"],
];

// A trap to the API, but the specification has none for it.
const TOO_LARGE_OBJECT = /requested new array is too large|Failed to allocate new/;

const LIMITS = [
  [/call stack|[Ss]tack overflow/, "stack"],
  [/[Mm]emory|allocat/, "memory"],
  [/[Tt]able/, "table"],
];

const first = (table, message) => table.find(([pattern]) => pattern.test(message))?.[1];
// Without what V8 puts before a message and JavaScriptCore after it.
const bare = (message) => message.replace(/^WebAssembly\.\w+\(\):?\s*/, "").replace(/ \(evaluating .*/s, "");

/** Why a call or an instantiation failed; an exception of WebAssembly is not for here. */
export function execution(error) {
  const message = bare(String(error?.message ?? error));
  if (error instanceof WebAssembly.LinkError) {
    const limit = /[Oo]ut of memory|[Cc]ould not (create|allocate)|couldn't/.test(message) && first(LIMITS, message);
    return limit ? new Failure("limit", limit) : new Failure("unlinkable", message);
  }
  if (TOO_LARGE_OBJECT.test(message)) return new Failure("limit", "heap");
  if (error instanceof RangeError) {
    const limit = first(LIMITS, message);
    return limit ? new Failure("limit", limit) : new Failure("fault", message);
  }
  const trap = first(TRAPS, message);
  if (trap && (error instanceof WebAssembly.RuntimeError || trap === "expected_shared_memory")) {
    return new Failure("trapped", trap);
  }
  if (error instanceof TypeError) return new Failure("unsupported", message);
  return new Failure("fault", `${error?.name}: ${message}`);
}

/** Which of two traps this may be, if the message stands for two. */
export function ambiguity(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return undefined;
  return AMBIGUOUS.find(([pattern]) => pattern.test(error.message));
}

// What engines say of what a specification lets an implementation limit.
const TOO_LARGE = /internal limit|implementation limit|count too large|> max|greater than allowed|too deep|[Tt]oo (many|large)/;

/** What is said of a module that needs a proposal which the engine lacks. Engines without the
 * proposals that are left out here are not known. */
const LACKING = {
  "extended-const": /not allowed in constant expressions/,
  "multi-memory": /memory count of \d+ exceeds internal limit of 1\b/,
  memory64: /limits flags 0x[4-7]\b|wasm-memory64|Memory64 is not enabled|table elements limits flags/,
  // Before these, V8 knew the byte of `(ref null …)` as another experiment's.
  "function-references": /stringview_wtf8ref|value type 0x40|wasm-(typed-funcref|gc)/,
  gc: /wasm-gc|opcode:? 0xfb/,
  "exception-handling": /opcode:? 0x(1f|0a)\b|wasm-(eh|exnref)|value type 0x69/,
  "relaxed-simd": /experimental-relaxed-simd|wasm-relaxed-simd/,
  "wide-arithmetic": /opcode:? 0xfc1[3-6]\b/,
  "custom-page-sizes": /limits flags 0x[89a-f]\b|limits flag are not valid 0[89a-f]\b/,
};

const MEMORY = /initial memory size|[Mm]emory.*(initial|page count).*too (large|big)/;
const TABLE = /initial table size|[Tt]able.*(initial|page count).*too (large|big)/;

/** Why a module was refused. `mayDeclare`: whether a module may have memories of these sizes. */
export function refusal(error, capabilities, mayDeclare) {
  const message = bare(error.message);
  const lacks = (proposal) => !capabilities.includes(proposal) && LACKING[proposal].test(message);
  if (Object.keys(LACKING).some(lacks)) return new Failure("unsupported", message);
  if (!TOO_LARGE.test(message)) return new Failure("rejected", message);
  if (MEMORY.test(message)) return mayDeclare() ? new Failure("limit", "memory") : new Failure("rejected", message);
  return new Failure("limit", TABLE.test(message) ? "table" : "module");
}
