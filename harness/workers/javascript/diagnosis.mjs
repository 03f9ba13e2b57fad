// V8 has one message for "the function is null" and "the function is of another type", and one for
// "not a number" and "out of range". Which of the two a trap was is found out by carrying the case
// out again with one change: before the instruction that trapped, a test for the first, which ends in
// `unreachable`. Where the instruction is, the error's stack says.

import { section, unsigned } from "./adapters.mjs";
import { Failure } from "./failure.mjs";
import { Reader } from "./reader.mjs";

const FRAME = /wasm-function\[\d+\]:0x([0-9a-f]+)/;
const TYPES = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c };

const offsetOf = (error) => parseInt(FRAME.exec(String(error.stack))?.[1], 16);

/** Which of the two traps of `two` the error is: `[pattern, first, second]`. */
export function diagnose(session, error, two) {
  const offset = offsetOf(error);
  session.trappedAt = offset;
  if (session.isAgain) return new Failure("trapped", two[2]);
  const seen = new Set();
  for (const { about, step } of [...session.modules.values(), ...session.all]) {
    if (seen.has(step)) continue;
    seen.add(step);
    const patched = patch(about, offset);
    const trap = patched && WebAssembly.validate(patched) && again(session, step, patched, two);
    if (trap) return new Failure("trapped", trap);
  }
  return new Failure("unsupported", `the engine does not tell traps apart: ${error.message}`);
}

/** Carry the case out once more with this module patched. Nothing if it is not the one that traps:
 * then the instruction is where it was. */
function again(session, step, patched, [, first, second]) {
  const other = new session.constructor(session.engine);
  other.patches = new Map([[step, patched]]);
  other.isAgain = true;
  let outcome;
  for (const command of session.commands) {
    other.trappedAt = undefined;
    [outcome] = other.run(command);
  }
  const trap = outcome.result.value?.why === "trapped" ? outcome.result.value.detail : undefined;
  if (trap === "unreachable") return first;
  return trap === second && other.trappedAt !== session.trappedAt ? second : undefined;
}

/** The module with the test before the instruction at `offset`, if there may be one. */
function patch(about, offset) {
  const index = about.bodies.findIndex(({ body, end }) => body <= offset && offset < end);
  if (index < 0) return null;
  const body = about.bodies[index];
  const { bytes } = about, reader = new Reader(bytes, body.body);
  let locals = about.types[about.functions[about.importedFunctions + index]].params.length;
  const groups = reader.u32(), declared = reader.at;
  for (let i = 0; i < groups; i++) {
    locals += reader.u32();
    passType(reader);
  }
  const test = testAt(about, offset, locals);
  if (!test) return null;
  const content = [
    ...unsigned(groups + 1), ...bytes.subarray(declared, reader.at), 1, TYPES[test.type],
    ...bytes.subarray(reader.at, offset), ...test.code, ...bytes.subarray(offset, body.end),
  ];
  const { start, end } = about.code, before = new Reader(bytes, start + 1);
  before.u32();
  const code = [
    ...bytes.subarray(before.at, body.from), ...unsigned(content.length), ...content, ...bytes.subarray(body.end, end),
  ];
  return Uint8Array.from([...bytes.subarray(0, start), ...section(10, code), ...bytes.subarray(end)]);
}

function passType(reader) {
  const byte = reader.byte();
  if (byte === 0x63 || byte === 0x64) reader.signed();
}

const TRUNCATIONS = {
  0xa8: "f32", 0xa9: "f32", 0xaa: "f64", 0xab: "f64", 0xae: "f32", 0xaf: "f32", 0xb0: "f64", 0xb1: "f64",
};

function testAt({ bytes, tables }, offset, local) {
  const opcode = bytes[offset], keep = [0x22, ...unsigned(local)], get = [0x20, ...unsigned(local)];
  const stop = [0x04, 0x40, 0x00, 0x0b];
  if (opcode === 0x11 || opcode === 0x13) {
    const reader = new Reader(bytes, offset + 1);
    reader.u32();
    const table = reader.u32();
    if (!tables[table]) return null;
    return { type: tables[table].is64 ? "i64" : "i32", code: [...keep, ...get, 0x25, ...unsigned(table), 0xd1, ...stop] };
  }
  const type = TRUNCATIONS[opcode];
  return type && { type, code: [...keep, ...get, ...get, type === "f32" ? 0x5c : 0x62, ...stop] };
}
