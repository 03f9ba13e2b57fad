// One case on the engine that runs this.

import {
  callAdapter, exceptionAdapter, exportTags, globalAdapter, hostAdapter, isReference, passes, scratch,
  shapeAdapter, tableAdapter,
} from "./adapters.mjs";
import { fits, remember } from "./caps.mjs";
import { Failure, ambiguity, execution } from "./failure.mjs";
import { readModule } from "./reader.mjs";
import { xxh3 } from "./xxh3.mjs";

const TRACE_VALUES_MAX = 50000; // a host call counts as one value more than it brings
const slots = new DataView(scratch.buffer);
const compiled = new Map();

/** An adapter's module. One whose type means the same in any module is kept. */
function adapterModule(purpose, { raw, isPlain }, make) {
  const key = `${purpose} ${raw}`, kept = isPlain && compiled.get(key);
  if (kept) return kept;
  const module = new WebAssembly.Module(make());
  if (isPlain) compiled.set(key, module);
  return module;
}

const instantiate = (module, a) => new WebAssembly.Instance(module, { a: { memory: scratch, ...a } }).exports.f;

let shape;

/** An external reference of the host. One object per number, so that it is equal to itself. */
class HostReference {
  static all = new Map();

  static of(number) {
    const known = HostReference.all.get(number) ?? new HostReference(number);
    HostReference.all.set(number, known);
    return known;
  }

  constructor(number) {
    this.number = number;
  }
}

/** A value of the protocol into slot `slot`, or as a value of the API. */
function lower(value, type, slot) {
  const fits = value.type === type.name || (value.type === "i31ref" && type.name === "anyref");
  if (!fits) throw new Failure("unsupported", `${JSON.stringify(value)} does not fit ${type.name}`);
  if (isReference(type)) return reference(value);
  if (type.name === "v128") {
    const size = 16 / value.value.length;
    value.value.forEach((lane, i) => integer(16 * slot + i * size, size, lane));
  } else {
    integer(16 * slot, type.name.endsWith("32") ? 4 : 8, value.value);
  }
  return undefined;
}

function integer(at, size, text) {
  let rest = BigInt(text);
  for (let i = 0; i < size; i++, rest >>= 8n) slots.setUint8(at + i, Number(rest & 255n));
}

function reference(value) {
  if (value.value === "null") return null;
  if (value.type === "i31ref") return (Number(value.value) << 1) >> 1;
  if (value.type === "externref" || value.type === "anyref") return HostReference.of(Number(value.value));
  throw new Failure("unsupported", `${JSON.stringify(value)} cannot be made outside`);
}

/** What is in slot `slot`, or the reference `got`, in the protocol's form. */
function lift(type, slot, got, objects) {
  const at = 16 * slot, { name } = type;
  if (name === "i32" || name === "f32") return { type: name, value: String(slots.getUint32(at, true)) };
  if (name === "i64" || name === "f64") return { type: name, value: String(slots.getBigUint64(at, true)) };
  if (name === "v128") {
    const value = [0, 4, 8, 12].map((lane) => String(slots.getUint32(at + lane, true)));
    return { type: name, lane_type: "i32", value };
  }
  if (name === "exnref") return slots.getUint32(at, true) ? { type: name, value: "null" } : { type: name };
  return liftReference(name, got, objects);
}

function liftReference(name, got, objects) {
  if (got === null) return { type: name, value: "null" };
  if (name === "funcref") return { type: name };
  if (got instanceof HostReference) return { type: name, value: String(got.number) };
  if (name === "externref") return { type: name };
  if (typeof got === "number") return { type: "i31ref", value: String(got & 0x7fffffff) };
  shape ??= instantiate(new WebAssembly.Module(shapeAdapter()));
  const kind = shape(got);
  if (kind !== 2 && kind !== 3) return { type: name };
  if (!objects.includes(got)) objects.push(got);
  return { type: kind === 2 ? "structref" : "arrayref", value: String(objects.indexOf(got)) };
}

/** Values of these types: references from `got`, the others from the slots. */
function liftAll(types, got) {
  const objects = [];
  let next = 0;
  return types.map((type, slot) => lift(type, slot, passes(type) ? got[next++] : undefined, objects));
}

const list = (returned) => (returned === undefined ? [] : Array.isArray(returned) ? returned : [returned]);

/** What the API gives for so many references. */
function references(types, returned) {
  return types.filter(passes).length > 1 ? list(returned) : [returned];
}

export class Session {
  constructor(engine) {
    this.engine = engine;
    this.modules = new Map();
    this.instances = new Map();
    this.registered = new Map();
    this.all = [];
    this.trace = [];
    this.commands = [];
    this.patches = new Map();
  }

  /** The outcome of one step, and the engine's words for a failure. */
  run(command) {
    this.commands.push(command);
    this.trace = [];
    this.traced = 0;
    this.stop = null;
    try {
      const value = this[command.type](command);
      return [{ result: value ? { kind: "returned", value } : { kind: "absent" }, trace: this.trace }];
    } catch (error) {
      const failure = error instanceof Failure ? error : new Failure("fault", `in the worker: ${error.stack}`);
      const { trace } = this;
      return [{ result: { kind: "failed", value: failure.value }, trace }, failure.words];
    }
  }

  module_definition(command) {
    this.modules.delete(command.name);
    const bytes = this.patches.get(this.commands.length - 1) ?? new Uint8Array(Buffer.from(command.binary, "base64"));
    try {
      const module = new WebAssembly.Module(bytes);
      this.modules.set(command.name, this.read(module, bytes));
    } catch (error) {
      throw error instanceof Failure ? error : withWords(this.engine.refusal(error, bytes), error);
    }
    return [];
  }

  /** A module with what it says of itself, held to limits and with its own tags exported. */
  read(module, bytes) {
    const declared = readModule(bytes), step = this.commands.length - 1, names = declared.exports.length;
    if (this.patches.has(step)) return { module, declared, about: declared, step, names };
    const within = this.engine.capped?.(declared);
    const tagged = exportTags(within ? readModule(within) : declared);
    const changed = tagged && WebAssembly.validate(tagged) ? tagged : within;
    if (!changed) return { module, declared, about: declared, step, names };
    return { module: new WebAssembly.Module(changed), declared, about: readModule(changed), step, names };
  }

  module_instance(command) {
    this.instances.delete(command.instance);
    const module = this.modules.get(command.module);
    if (!module) return null;
    const imports = module.about.imports.map((wanted) => this.imported(module, wanted));
    // Two imports of the same names may be two functions: the API asks for them in order.
    let next = 0;
    const each = new Proxy({}, { get: () => imports[next++], has: () => true });
    const made = this.guard(() => new WebAssembly.Instance(module.module, new Proxy({}, { get: () => each })));
    const instance = { exports: made.exports, ...module, callers: new Map() };
    this.instances.set(command.instance, instance);
    this.all.push(instance);
    if (this.engine.capped) remember({ about: module.declared, exports: made.exports });
    return [];
  }

  register(command) {
    const instance = this.instances.get(command.name);
    if (!instance) return null;
    this.registered.set(command.as, instance);
    return [];
  }

  action({ action }) {
    const instance = this.instances.get(action.module);
    if (!instance) return null;
    const kind = action.type === "get" ? "global" : "function";
    const found = instance.about.exports.find((item) => item.name === action.field && item.kind === kind);
    if (!found) throw new Failure("unsupported", `there is no exported ${kind} named ${JSON.stringify(action.field)}`);
    if (kind === "global") return [this.global(instance, found)];
    return this.call(instance, found, action.args);
  }

  call(instance, { name, index }, args) {
    const { about } = instance, type = about.functions[index], { params, results } = about.types[type];
    if (params.length !== args.length) throw new Failure("unsupported", `${args.length} arguments do not fit`);
    const lowered = args.map((arg, i) => lower(arg, params[i], i)).filter((_, i) => passes(params[i]));
    if (!instance.callers.has(index)) {
      const module = adapterModule("call", about.types[type], () => callAdapter(about, type));
      instance.callers.set(index, instantiate(module, { callee: instance.exports[name] }));
    }
    const caller = instance.callers.get(index);
    const returned = this.guard(() => caller(...lowered), instance);
    return liftAll(results, references(results, returned));
  }

  global({ about, exports }, { name, index }) {
    const global = about.globals[index];
    const module = adapterModule("global", global, () => globalAdapter(about, global));
    const returned = instantiate(module, { global: exports[name] })();
    return liftAll([global.type], references([global.type], returned))[0];
  }

  imported({ about }, wanted) {
    const instance = this.registered.get(wanted.module);
    const found = instance?.about.exports.some((item) => item.name === wanted.name);
    if (found && this.engine.capped && !fits(instance.exports[wanted.name], wanted)) {
      throw new Failure("unlinkable", `the maximum of ${wanted.module}.${wanted.name} is larger`);
    }
    if (found) return instance.exports[wanted.name];
    if (wanted.module === "gainsay" && wanted.kind === "function") return this.host(about, wanted);
    throw new Failure("unlinkable", `unknown import ${wanted.module}.${wanted.name}`);
  }

  /** The function of the module `gainsay` that a case imports by this name and type. */
  host(about, { name, type }) {
    const { params } = about.types[type];
    const module = adapterModule("host", about.types[type], () => hostAdapter(about, type));
    const trace = (...got) => {
      this.traced += 1 + params.length;
      if (this.traced > TRACE_VALUES_MAX) return this.stopWith(new Failure("limit", "fuel"));
      this.trace.push({ name, args: liftAll(params, got) });
      return name.startsWith("fail") ? this.stopWith(new Failure("host_error")) : 0;
    };
    const unanswerable = () => this.stopWith(new Failure("unsupported", "the host cannot produce a result of this type"));
    return instantiate(module, { trace, unanswerable });
  }

  stopWith(failure) {
    this.stop = failure;
    return 1;
  }

  /** What a call returns, or why it does not. `called` is the instance, unless one is made. */
  guard(call, called) {
    try {
      return this.engine.limited(call);
    } catch (error) {
      if (this.stop) throw this.stop;
      if (error instanceof Failure) throw error;
      if (WebAssembly.Exception && error instanceof WebAssembly.Exception) {
        throw withWords(new Failure("uncaught", this.thrown(error, called)), error);
      }
      const two = ambiguity(error);
      throw withWords(two ? this.engine.diagnose(this, error, two) : execution(error), error);
    }
  }

  /** What an exception shows, if one of the tags that are known is its tag. */
  thrown(exception, called) {
    for (const { about, exports, names } of this.all) {
      for (const { name, kind, index } of about.exports) {
        if (kind !== "tag" || !exception.is(exports[name])) continue;
        const tag = exports[name], type = about.tags[index];
        const module = adapterModule("throw", about.types[type], () => exceptionAdapter(about, type));
        const returned = instantiate(module, { tag, thrower: () => { throw exception; } })();
        const values = liftAll(about.types[type].params, references(about.types[type].params, returned));
        const shown = called && tagName(called, exception);
        return shown === undefined ? { values } : { tag: shown, values };
      }
    }
    return undefined;
  }

  state() {
    // What is exported more than once is looked at once.
    this.seen = new Map();
    const alive = [...this.instances].map(([name, instance]) => [name.replace(/^\$/, ""), this.exports(instance)]);
    return Object.fromEntries(alive);
  }

  exports(instance) {
    const state = Object.create(null);
    for (const item of visible(instance)) {
      const object = instance.exports[item.name];
      if (item.kind === "global") state[item.name] = { kind: "global", value: this.global(instance, item) };
      if (item.kind === "memory") state[item.name] = this.once(object, () => memory(object));
      if (item.kind === "table") {
        state[item.name] = this.once(object, () => this.table(instance, object, instance.about.tables[item.index]));
      }
    }
    return state;
  }

  once(object, look) {
    const known = this.seen.get(object) ?? look();
    this.seen.set(object, known);
    return known;
  }

  table({ about }, object, table) {
    const size = Number(object.length), words = new BigUint64Array(size);
    const index = table.is64 ? BigInt : Number;
    if (table.type.name === "funcref" || table.type.name === "exnref") {
      const module = adapterModule("table", table, () => tableAdapter(about, table));
      const isNull = instantiate(module, { table: object });
      for (let i = 0; i < size; i++) words[i] = isNull(index(i)) ? 0n : 1n;
    } else {
      for (let i = 0; i < size; i++) words[i] = word(liftReference(table.type.name, object.get(index(i)), []));
    }
    return { kind: "table", size, hash: xxh3(new Uint8Array(words.buffer)) };
  }
}

function memory(object) {
  const bytes = new Uint8Array(object.buffer);
  return { kind: "memory", bytes: bytes.length, hash: xxh3(bytes) };
}

/** What the hash of a table has of an element. */
function word({ type, value }) {
  if (value === "null") return 0n;
  if (type === "structref") return 1n << 35n;
  if (type === "arrayref") return 1n << 36n;
  if (value === undefined) return 1n;
  return BigInt(value) + { externref: 2n, i31ref: 1n << 33n, anyref: 1n << 34n }[type];
}

/** The exports that the case knows of. */
const visible = ({ about, names }) => about.exports.slice(0, names);

/** The first name, in the order of bytes, under which an instance exports an exception's tag. */
function tagName(instance, exception) {
  const tags = visible(instance).filter(({ kind }) => kind === "tag");
  const names = tags.map(({ name }) => name).filter((name) => exception.is(instance.exports[name]));
  return names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))[0];
}

function withWords(failure, error) {
  failure.words = String(error?.message ?? error);
  return failure;
}

/** Carry out a case; `onStep` hears of each step. */
export function execute(engine, commands, onStep = () => {}) {
  const session = new Session(engine), steps = [];
  for (const command of commands.flatMap(split)) {
    const [step, words] = session.run(command);
    onStep(step, words);
    steps.push(step);
  }
  return { steps, state: session.state() };
}

function split(command) {
  if (command.type !== "module") return [command];
  const { name } = command;
  return [{ ...command, type: "module_definition" }, { type: "module_instance", module: name, instance: name }];
}
