// Small modules between JavaScript and a case's modules. Numbers and vectors go through a memory,
// bit by bit, for the JavaScript API changes NaNs and knows no vectors; references go as values of
// the API. What it does not let through, references to exceptions, goes as "null or not".
//
// An adapter of a type that means something only in its module begins with that module's types.

import { Reader } from "./reader.mjs";

const STORES = { i32: [0x36], i64: [0x37], f32: [0x38], f64: [0x39], v128: [0xfd, 11] };
const LOADS = { i32: [0x28], i64: [0x29], f32: [0x2a], f64: [0x2b], v128: [0xfd, 0] };
const EXTERN = { func: 0, table: 1, memory: 2, global: 3, tag: 4 };
const I32 = 0x7f, EMPTY = 0x40, UNREACHABLE = 0x00, END = 0x0b;

/** Between adapters and JavaScript: one slot of 16 bytes per value. */
export const scratch = new WebAssembly.Memory({ initial: 1 });

export function unsigned(value) {
  const bytes = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 127n) | 128);
  }
}

function signed(value) {
  const bytes = [];
  for (let rest = BigInt(value); ; rest >>= 7n) {
    const byte = Number(rest & 127n), isLast = rest >= -64n && rest < 64n;
    bytes.push(isLast ? byte : byte | 128);
    if (isLast) return bytes;
  }
}

const vector = (items) => [...unsigned(items.length), ...items.flat()];
export const section = (id, body) => [id, ...unsigned(body.length), ...body];
const text = (string) => vector([...new TextEncoder().encode(string)]);
const access = (opcodes, slot) => [...opcodes, 0, ...unsigned(16 * slot)];
const zero = [0x41, 0];

export const isReference = (type) => !(type.name in STORES);
/** Whether the API lets values of this type through. */
export const passes = (type) => isReference(type) && type.name !== "exnref";

/** An adapter in the making. */
class Adapter {
  constructor(module, type) {
    const isPlain = !type || type.isPlain;
    this.groups = isPlain ? 0 : module.groups;
    this.count = isPlain ? 0 : module.types.length;
    this.types = isPlain ? [] : [...module.typeBytes];
    this.imports = [];
    this.functions = 0;
    this.importMemory();
  }

  type(bytes) {
    this.groups++;
    this.types.push(...bytes);
    return this.count++;
  }

  /** The index here of a type of the module. */
  typeOf(index, type) {
    return type.isPlain ? this.type(type.raw) : index;
  }

  function(params, results) {
    return this.type([0x60, ...vector(params), ...vector(results)]);
  }

  importMemory() {
    this.imports.push([...text("a"), ...text("memory"), EXTERN.memory, 0, 1]);
  }

  import(name, kind, type) {
    this.imports.push([...text("a"), ...text(name), EXTERN[kind], ...type]);
    return kind === "func" ? this.functions++ : 0;
  }

  /** The module, with one function of this type, exported as `f`. */
  finish(typeIndex, locals, code) {
    const body = [...vector(locals.map((type) => [1, ...type])), ...code, END];
    return Uint8Array.from([
      0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
      ...section(1, [...unsigned(this.groups), ...this.types]),
      ...section(2, vector(this.imports)),
      ...section(3, vector([unsigned(typeIndex)])),
      ...section(7, [1, ...text("f"), EXTERN.func, ...unsigned(this.functions)]),
      ...section(10, [1, ...unsigned(body.length), ...body]),
    ]);
  }
}

const raw = (type) => [...type.raw];
const isNull = 0xd1;

/** Store the results that are on the stack, leave those that are references. */
function give(results, firstLocal) {
  const local = (i) => unsigned(firstLocal + i);
  const set = results.map((_, i) => [0x21, ...local(i)]).reverse().flat();
  const stores = results.flatMap((type, i) => {
    if (passes(type)) return [];
    const get = [...zero, 0x20, ...local(i)];
    return isReference(type) ? [...get, isNull, ...access(STORES.i32, i)] : [...get, ...access(STORES[type.name], i)];
  });
  const gets = results.flatMap((type, i) => (passes(type) ? [0x20, ...local(i)] : []));
  return [...set, ...stores, ...gets];
}

const outward = (results) => results.filter(passes).map(raw);

/** Calls a function of this type, imported as `callee`. */
export function callAdapter(module, index) {
  const type = module.types[index], adapter = new Adapter(module, type);
  const callee = adapter.import("callee", "func", unsigned(adapter.typeOf(index, type)));
  const own = adapter.function(type.params.filter(passes).map(raw), outward(type.results));
  let local = 0;
  const args = type.params.flatMap((param, i) => {
    if (passes(param)) return [0x20, ...unsigned(local++)];
    return isReference(param) ? [0xd0, ...param.heapBytes] : [...zero, ...access(LOADS[param.name], i)];
  });
  const code = [...args, 0x10, ...unsigned(callee), ...give(type.results, local)];
  return adapter.finish(own, type.results.map(raw), code);
}

/** Reads a global, imported as `global`. */
export function globalAdapter(module, global) {
  const adapter = new Adapter(module, global);
  adapter.import("global", "global", [...global.raw]);
  const own = adapter.function([], outward([global.type]));
  const code = [0x23, 0, ...give([global.type], 0)];
  return adapter.finish(own, [raw(global.type)], code);
}

/** Whether an element of the imported `table` is null. */
export function tableAdapter(module, table) {
  const adapter = new Adapter(module, table);
  adapter.import("table", "table", [...table.raw]);
  const own = adapter.function([[table.is64 ? 0x7e : I32]], [[I32]]);
  return adapter.finish(own, [], [0x20, 0, 0x25, 0, isNull]);
}

/** The values of an exception with the imported `tag`, which the imported `thrower` throws. */
export function exceptionAdapter(module, index) {
  const type = module.types[index], adapter = new Adapter(module, type);
  const tagType = adapter.typeOf(index, type);
  adapter.import("tag", "tag", [0, ...unsigned(tagType)]);
  const thrower = adapter.import("thrower", "func", unsigned(adapter.function([], [])));
  const own = adapter.function([], outward(type.params));
  const block = adapter.function([], type.params.map(raw));
  const code = [
    0x02, ...signed(block), 0x1f, EMPTY, 1, 0, 0, 0, 0x10, ...unsigned(thrower), END, UNREACHABLE, END,
    ...give(type.params, 0),
  ];
  return adapter.finish(own, type.params.map(raw), code);
}

const CONSTANTS = {
  i32: [0x41, ...signed(42)], i64: [0x42, ...signed(-42)], f32: [0x43, 0, 0, 0xc0, 0x3f],
  f64: [0x44, 0, 0, 0, 0, 0, 0, 4, 0xc0], v128: [0xfd, 12, ...Array.from({ length: 16 }, (_, i) => i)],
};

const sameBytes = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

/** One result of a host function: the last argument of its type, or a constant. */
function answer(result, params, unanswerable) {
  const param = params.findLastIndex((type) => type.name === result.name);
  const refuse = [0x10, ...unsigned(unanswerable), UNREACHABLE];
  if (param >= 0) {
    const get = [0x20, ...unsigned(param)];
    if (!isReference(result) || sameBytes(result.raw, params[param].raw)) return get;
    const [test, cast] = result.isNullable ? [0x15, 0x17] : [0x14, 0x16];
    return [
      ...get, 0xfb, test, ...result.heapBytes, 0x45, 0x04, EMPTY, ...refuse, END, ...get, 0xfb, cast, ...result.heapBytes,
    ];
  }
  if (!isReference(result)) return CONSTANTS[result.name];
  return result.isNullable ? [0xd0, ...result.heapBytes] : refuse;
}

/** A host function of this type. It reports its arguments to the imported `trace`, which says
 * whether to go on; what stops it is a trap, for exceptions of JavaScript can be caught. */
export function hostAdapter(module, index) {
  const type = module.types[index], adapter = new Adapter(module, type);
  const own = adapter.typeOf(index, type);
  const trace = adapter.function(type.params.filter(passes).map(raw), [[I32]]);
  const tell = adapter.import("trace", "func", unsigned(trace));
  const unanswerable = adapter.import("unanswerable", "func", unsigned(adapter.function([], [])));
  const stores = type.params.flatMap((param, i) => {
    const get = [...zero, 0x20, ...unsigned(i)];
    if (passes(param)) return [];
    return isReference(param) ? [...get, isNull, ...access(STORES.i32, i)] : [...get, ...access(STORES[param.name], i)];
  });
  const references = type.params.flatMap((param, i) => (passes(param) ? [0x20, ...unsigned(i)] : []));
  const code = [
    ...stores, ...references, 0x10, ...unsigned(tell), 0x04, EMPTY, UNREACHABLE, END,
    ...type.results.flatMap((result) => answer(result, type.params, unanswerable)),
  ];
  return adapter.finish(own, [], code);
}

/** Tells structures (2) from arrays (3) from what else a reference may be (0). */
export function shapeAdapter() {
  const adapter = new Adapter();
  const own = adapter.function([[0x6e]], [[I32]]);
  const test = (heap) => [0x20, 0, 0xfb, 0x14, heap];
  const code = [...test(0x6b), 0x41, 1, 0x74, ...test(0x6a), 0x41, 3, 0x6c, 0x72];
  return adapter.finish(own, [], code);
}

/** The module with its own tags exported too, under names that no case uses, so that exceptions
 * can be told. */
export function exportTags(module) {
  const { bytes, tags, importedTags = 0, exports, exportSection } = module;
  const own = tags.map((_, index) => index).slice(importedTags);
  if (own.length === 0) return null;
  const more = own.flatMap((index) => [...text(hiddenTag(index)), EXTERN.tag, ...unsigned(index)]);
  const old = exportSection && new Reader(bytes, exportSection.start + 1);
  old?.u32();
  old?.u32();
  const before = old ? [...bytes.subarray(old.at, exportSection.end)] : [];
  const at = exportSection ?? whereExportsGo(bytes);
  const whole = section(7, [...unsigned(exports.length + own.length), ...before, ...more]);
  return Uint8Array.from([...bytes.subarray(0, at.start), ...whole, ...bytes.subarray(at.end)]);
}

export const hiddenTag = (index) => `\u0000gainsay tag ${index}`;

function whereExportsGo(bytes) {
  const reader = new Reader(bytes, 8);
  while (reader.at < bytes.length) {
    const start = reader.at, id = reader.byte();
    if (id >= 8 && id <= 12) return { start, end: start };
    const size = reader.u32();
    reader.at += size;
  }
  return { start: bytes.length, end: bytes.length };
}
