// What a module says of its types, imports and exports. The JavaScript API of engines does not
// tell types, which the harness needs to pass values bit by bit.
//
// Only modules that the engine has accepted are read: nothing is checked here.

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const NUMBERS = { 0x7f: "i32", 0x7e: "i64", 0x7d: "f32", 0x7c: "f64", 0x7b: "v128" };

/** The heap types that have no index, and the tops of their hierarchies. */
const HEAPS = {
  0x73: "funcref", 0x70: "funcref", 0x72: "externref", 0x6f: "externref", 0x74: "exnref", 0x69: "exnref",
  0x71: "anyref", 0x6e: "anyref", 0x6d: "anyref", 0x6c: "anyref", 0x6b: "anyref", 0x6a: "anyref",
};

export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++];
  }

  // Unsigned or signed LEB128, of up to 64 bits.
  unsigned() {
    let value = 0n, shift = 0n, byte;
    do {
      byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
    } while (byte & 0x80);
    return value;
  }

  u32() {
    let value = 0, shift = 0, byte;
    do {
      byte = this.byte();
      value |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte & 0x80);
    return value >>> 0;
  }

  signed() {
    const start = this.at, value = this.unsigned();
    return BigInt.asIntN(7 * (this.at - start), value);
  }

  list(read) {
    return Array.from({ length: this.u32() }, () => read());
  }

  name() {
    const length = this.u32();
    this.at += length;
    return decoder.decode(this.bytes.subarray(this.at - length, this.at));
  }
}

class ModuleReader extends Reader {
  constructor(bytes) {
    super(bytes, 8);
    this.module = {
      bytes, types: [], groups: 0, typeBytes: new Uint8Array(), imports: [], exports: [], functions: [],
      tables: [], memories: [], globals: [], tags: [], bodies: [], code: null, sizes: [],
    };
  }

  read() {
    const sections = [
      null, () => this.typeSection(), () => this.importSection(), () => this.functionSection(),
      () => this.sized(4, this.module.tables, () => this.table()),
      () => this.sized(5, this.module.memories, () => this.limits()),
      () => this.list(() => this.global()), () => this.exportSection(), null, null,
      () => this.codeSection(), null, null, () => this.list(() => this.module.tags.push(this.tag())),
    ];
    while (this.at < this.bytes.length) {
      this.start = this.at;
      const id = this.byte(), size = this.u32(), end = this.at + size;
      sections[id]?.();
      this.at = end;
    }
    return this.module;
  }

  heap() {
    const index = this.signed();
    return index < 0n ? { top: HEAPS[Number(index) & 0x7f] } : { index: Number(index) };
  }

  /** A value type: its name in the protocol, and its bytes. */
  valueType() {
    const start = this.at, byte = this.byte();
    if (NUMBERS[byte]) return { name: NUMBERS[byte], raw: this.bytes.subarray(start, this.at) };
    const isLong = byte === 0x63 || byte === 0x64;
    const heap = isLong ? this.heap() : { top: HEAPS[byte] };
    const heapBytes = this.bytes.subarray(isLong ? start + 1 : start, this.at);
    const { module } = this;
    return {
      get name() {
        return heap.top ?? (module.types[heap.index].kind === "func" ? "funcref" : "anyref");
      },
      raw: this.bytes.subarray(start, this.at), heapBytes, isNullable: byte !== 0x64,
      isConcrete: heap.index !== undefined,
    };
  }

  typeSection() {
    this.module.groups = this.u32();
    const start = this.at;
    for (let i = 0; i < this.module.groups; i++) {
      if (this.bytes[this.at] === 0x4e) {
        this.at++;
        this.list(() => this.subtype(false));
      } else {
        this.subtype(true);
      }
    }
    this.module.typeBytes = this.bytes.subarray(start, this.at);
  }

  subtype(isAlone) {
    const isSub = this.bytes[this.at] === 0x50 || this.bytes[this.at] === 0x4f;
    if (isSub) {
      this.at++;
      this.list(() => this.u32());
    }
    this.module.types.push(this.compositeType(isAlone && !isSub));
  }

  compositeType(isAlone) {
    const start = this.at, form = this.byte();
    const field = () => {
      if (this.bytes[this.at] === 0x78 || this.bytes[this.at] === 0x77) this.at++;
      else this.valueType();
      this.at++;
    };
    if (form === 0x5f) return { kind: "struct", fields: this.list(field) };
    if (form === 0x5e) return { kind: "array", fields: [field()] };
    const params = this.list(() => this.valueType()), results = this.list(() => this.valueType());
    const raw = this.bytes.subarray(start, this.at);
    // A type that means the same in any module.
    const isPlain = isAlone && ![...params, ...results].some((type) => type.isConcrete);
    return { kind: "func", params, results, raw, isPlain };
  }

  /** The section of the module's own tables or memories, with where each is. */
  sized(id, space, read) {
    const { start } = this;
    const items = this.list(() => {
      const from = this.at, item = read();
      space.push(item);
      return { from, end: this.at, ...item };
    });
    this.module.sizes.push({ id, start, end: this.at, items });
  }

  limits() {
    const at = this.at, flags = this.byte(), min = this.unsigned(), max = flags & 1 ? this.unsigned() : null;
    if (flags & 8) this.u32();
    const place = { flagsAt: at, flags, limitsEnd: this.at };
    return { min, max, ...place, is64: (flags & 4) !== 0, hasPageSize: (flags & 8) !== 0 };
  }

  table() {
    const hasInit = this.bytes[this.at] === 0x40;
    if (hasInit) this.at += 2;
    const start = this.at, type = this.valueType(), limits = this.limits();
    const raw = this.bytes.subarray(start, this.at);
    if (hasInit) this.expression();
    return { ...limits, type, raw, isPlain: !type.isConcrete };
  }

  globalType() {
    const start = this.at, type = this.valueType();
    this.at++;
    return { type, raw: this.bytes.subarray(start, this.at), isPlain: !type.isConcrete };
  }

  global() {
    this.module.globals.push(this.globalType());
    this.expression();
  }

  tag() {
    this.at++;
    return this.u32();
  }

  importSection() {
    const { functions, tables, memories, globals, tags } = this.module;
    const spaces = [functions, tables, memories, globals, tags];
    const types = [() => this.u32(), () => this.table(), () => this.limits(), () => this.globalType(), () => this.tag()];
    this.module.imports = this.list(() => {
      const module = this.name(), name = this.name(), kind = this.byte(), type = types[kind]();
      spaces[kind].push(type);
      return { module, name, kind: KINDS[kind], type };
    });
    this.module.importedTags = tags.length;
    this.module.importedFunctions = functions.length;
  }

  functionSection() {
    this.module.importedFunctions ??= 0;
    this.list(() => this.module.functions.push(this.u32()));
  }

  exportSection() {
    const start = this.start;
    this.module.exports = this.list(() => ({ name: this.name(), kind: KINDS[this.byte()], index: this.u32() }));
    this.module.exportSection = { start, end: this.at };
  }

  codeSection() {
    const start = this.start;
    this.module.bodies = this.list(() => {
      const from = this.at, size = this.u32(), body = this.at;
      this.at += size;
      return { from, body, end: this.at };
    });
    this.module.code = { start, end: this.at };
  }

  /** Pass over a constant expression. */
  expression() {
    for (;;) {
      const opcode = this.byte();
      if (opcode === 0x0b) return;
      if (opcode === 0x41 || opcode === 0x42 || opcode === 0xd0) this.signed();
      else if (opcode === 0x43) this.at += 4;
      else if (opcode === 0x44) this.at += 8;
      else if (opcode === 0x23 || opcode === 0xd2) this.u32();
      else if (opcode === 0xfd) this.at += 17;
      else if (opcode === 0xfb) {
        const operands = { 0: 1, 1: 1, 6: 1, 7: 1, 8: 2 }[this.u32()] ?? 0;
        for (let i = 0; i < operands; i++) this.u32();
      }
    }
  }
}

const KINDS = ["function", "table", "memory", "global", "tag"];

export const readModule = (bytes) => new ModuleReader(bytes).read();
