"""A gainsay worker: wasmtime through its Python package.

It is the worker that harness/protocol/PROTOCOL.md can be read beside: the messages are in `main`,
a case is in `Session`, and values are in `lift` and `lower`.
"""
import base64, ctypes, importlib.metadata, json, os, pathlib, sys, time
import wasmtime as w, xxhash
from wasmtime import _ffi as ffi

ID = "py-wasmtime"
# What this package has no types or values for: it ends the process when it meets one. And it fails
# when a shared memory is imported.
OFF = ["wasm_simd", "wasm_relaxed_simd", "wasm_gc", "wasm_function_references", "wasm_exceptions",
       "wasm_stack_switching", "wasm_threads"]
TRAPS = {"UNREACHABLE": "unreachable", "MEMORY_OUT_OF_BOUNDS": "memory_out_of_bounds",
         "TABLE_OUT_OF_BOUNDS": "table_out_of_bounds", "INDIRECT_CALL_TO_NULL": "uninitialized_element",
         "BAD_SIGNATURE": "indirect_call_type_mismatch", "INTEGER_OVERFLOW": "integer_overflow",
         "INTEGER_DIVISION_BY_ZERO": "divide_by_zero", "BAD_CONVERSION_TO_INTEGER": "invalid_conversion"}
LIMITS = {"STACK_OVERFLOW": "stack", "OUT_OF_FUEL": "fuel", "INTERRUPT": "time"}
# What the engine says of modules: it has no types of errors for the difference.
LACKING = ["not enabled", "proposal", "not supported", "Unsupported", "references required", "must be enabled"]
TOO_LARGE = ["count exceeds limit of", "size exceeds the limit of", "size is out of bounds", "too many",
             "mplementation limit", "too deep", "is too large for"]
TRACE_VALUES_MAX = 50_000  # a host call counts as one value more than it brings


class Failure(Exception):
    """A step's failure, as the protocol has it."""

    def __init__(self, why, detail=None):
        super().__init__({"why": why} | ({} if detail is None else {"detail": detail}))


# --- Values: the protocol's JSON to the engine's C values and back, bit by bit. The package's own
# conversions go through Python's floats, which lose payloads of NaNs.

KINDS = {"i32": 0, "i64": 1, "f32": 2, "f64": 3, "funcref": 5, "externref": 6}
NAMES = {kind: name for name, kind in KINDS.items()}
BYTES = {"i32": 4, "i64": 8, "f32": 4, "f64": 8}
CONSTANTS = {"i32": "42", "i64": str(2**64 - 42), "f32": str(0x3fc00000), "f64": str(0xc004000000000000)}


class Lifted(dict):
    """A value in JSON; `func` is the engine's function if it is a reference to one."""

    func = None


def type_name(ty):
    kind = ffi.wasm_valtype_kind(ty.ptr())
    return {128: "externref", 129: "funcref"}.get(kind, NAMES.get(kind))


def lower(store, ty, value):
    """Into the engine; `ty` is the package's type of what is wanted."""
    if value["type"] != type_name(ty):
        raise Failure("unsupported", f"{value} is no {type_name(ty)}")
    name, raw = value["type"], ffi.wasmtime_val_t(kind=KINDS[value["type"]])
    if name == "funcref":
        raw.of.funcref = getattr(value, "func", None) or ffi.wasmtime_func_t()
    elif name == "externref" and value["value"] != "null":
        return w.Val.externref(int(value["value"]))._new_raw(store)
    elif name != "externref":
        ctypes.memmove(ctypes.addressof(raw.of), int(value["value"]).to_bytes(BYTES[name], "little"), BYTES[name])
    return raw


def lift(store, raw, owned=True):
    """Out of the engine. The package takes the result's attribute `value`."""
    kind = raw.kind if isinstance(raw.kind, int) else raw.kind.value
    name, memory = NAMES[kind], bytes(raw.of)
    if name == "funcref":
        value = Lifted({"type": name} if raw.of.funcref.store_id else {"type": name, "value": "null"})
        value.func = ffi.wasmtime_func_t.from_buffer_copy(raw.of.funcref) if raw.of.funcref.store_id else None
    elif name == "externref":
        number = external(store, raw) if raw.of.externref.store_id else "null"
        value = Lifted({"type": name} if number is None else {"type": name, "value": str(number)})
    else:
        value = Lifted({"type": name, "value": str(int.from_bytes(memory[:BYTES[name]], "little"))})
    if owned:
        ffi.wasmtime_val_unroot(ctypes.byref(raw))
    return w.Val(raw.kind, value)


def external(store, raw):
    """The number of an external reference that `lower` made."""
    number = ffi.wasmtime_externref_data(store._context(), ctypes.byref(raw.of.externref))
    return w._value._unintern(number) if number else None


w.Val._convert_to_raw, w.Val._from_raw = lower, lift


# --- One case on one engine.

class Session:
    def __init__(self, engine, limits):
        self.engine, self.fuel = engine, limits["fuel_per_call"]
        self.store = w.Store(engine)
        self.store.set_limits(memory_size=limits["memory_bytes_max"], table_elements=limits["table_elements_max"])
        self.modules, self.instances, self.registered = {}, {}, {}
        self.trace, self.traced, self.stop = [], 0, None

    def run(self, command):
        """One step; its outcome."""
        self.trace, self.traced, self.stop = [], 0, None
        try:
            values = getattr(self, command["type"])(command)
            result = {"kind": "absent"} if values is None else {"kind": "returned", "value": values}
        except Failure as failure:
            result = {"kind": "failed", "value": failure.args[0]}
        return {"result": result, "trace": self.trace}

    def module_definition(self, command):
        self.modules.pop(command["name"], None)
        # As a bytearray, for the package takes `bytes` that begin otherwise for text.
        try:
            self.modules[command["name"]] = w.Module(self.engine, bytearray(base64.b64decode(command["binary"])))
        except w.WasmtimeError as error:
            raise refusal(str(error)) from None
        return []

    def module_instance(self, command):
        module = self.modules.get(command["module"])
        self.instances.pop(command["instance"], None)
        if module is None:
            return None
        imports = [self.imported(i) for i in module.imports]
        self.instances[command["instance"]] = self.guard(lambda: w.Instance(self.store, module, imports))
        return []

    def register(self, command):
        instance = self.instances.get(command["name"])
        if instance is None:
            return None
        self.registered[command["as"]] = instance
        return []

    def action(self, command):
        action = command["action"]
        instance = self.instances.get(action["module"])
        if instance is None:
            return None
        export = instance.exports(self.store).get(action["field"])
        wanted = w.Global if action["type"] == "get" else w.Func
        if not isinstance(export, wanted):
            raise Failure("unsupported", f"there is no exported {wanted.__name__.lower()} named {action['field']!r}")
        if action["type"] == "get":
            return [export.value(self.store)]
        if len(export.type(self.store).params) != len(action["args"]):
            raise Failure("unsupported", f"{len(action['args'])} arguments do not fit")
        results = self.guard(lambda: export(self.store, *action["args"]))
        return [] if results is None else results if isinstance(results, list) else [results]

    def imported(self, wanted):
        instance = self.registered.get(wanted.module)
        item = instance.exports(self.store).get(wanted.name) if instance else None
        if item is None and wanted.module == "gainsay" and isinstance(wanted.type, w.FuncType):
            item = w.Func(self.store, wanted.type, self.host(wanted.name, wanted.type))
        if item is None:
            raise Failure("unlinkable", f"unknown import {wanted.module}.{wanted.name}")
        return item

    def host(self, name, ty):
        """The function of the module `gainsay` that a case imports by this name and type."""
        results = [type_name(result) for result in ty.results]

        def call(*args):
            self.traced += 1 + len(args)
            if self.traced > TRACE_VALUES_MAX:
                self.stop = Failure("limit", "fuel")
                raise self.stop
            self.trace.append({"name": name, "args": list(args)})
            if name.startswith("fail"):
                self.stop = Failure("host_error")
                raise self.stop
            values = [next((arg for arg in reversed(args) if arg["type"] == r), constant(r)) for r in results]
            return None if not values else values[0] if len(values) == 1 else values
        return call

    def guard(self, call):
        """What a call returns, or why it does not."""
        if self.fuel is not None:
            self.store.set_fuel(self.fuel)
        try:
            return call()
        except w.Trap as trap:
            code = trap.trap_code.name if trap.trap_code else None
            if code in TRAPS:
                raise Failure("trapped", TRAPS[code]) from None
            raise (Failure("limit", LIMITS[code]) if code in LIMITS else Failure("fault", str(trap))) from None
        except w.WasmtimeError as error:
            raise linking(str(error)) from None

    def state(self):
        alive = self.instances.items()
        return {name.removeprefix("$"): self.exports(instance) for name, instance in alive}

    def exports(self, instance):
        state = {}
        for name, item in instance.exports(self.store).items():
            if isinstance(item, w.Global):
                state[name] = {"kind": "global", "value": item.value(self.store)}
            elif isinstance(item, w.Memory):
                memory = ctypes.string_at(item.data_ptr(self.store), item.data_len(self.store))
                state[name] = {"kind": "memory", "bytes": len(memory), "hash": digest(memory)}
            elif isinstance(item, w.Table):
                size = item.size(self.store)
                words = b"".join(word(item.get(self.store, index)) for index in range(size))
                state[name] = {"kind": "table", "size": size, "hash": digest(words)}
        return state


def constant(ty):
    return {"type": ty, "value": CONSTANTS.get(ty, "null")}


def digest(data):
    return str(xxhash.xxh3_64_intdigest(data))


def word(element):
    """What the hash of a table has of an element."""
    value = element.get("value", "opaque")
    return {"null": 0, "opaque": 1}.get(value, 2 + int(value) if value.isdigit() else 1).to_bytes(8, "little")


def refusal(message):
    """Why a module was refused."""
    says = lambda words: any(word in message for word in words)
    if says(TOO_LARGE):
        return Failure("limit", "module")
    if says(LACKING):
        return Failure("unsupported", message)
    return Failure("rejected" if "Invalid input WebAssembly" in message or "offset" in message else "fault", message)


def linking(message):
    """Why a module was not instantiated, if it did not trap."""
    if "incompatible import type" in message:
        return Failure("unlinkable", message)
    if "exceeds memory limits" in message or "exceeds table limits" in message:
        return Failure("limit", "memory" if "memory limits" in message else "table")
    return Failure("limit", "module") if "resource limit exceeded" in message else Failure("fault", message)


# --- The protocol.

def engine(limits):
    config = w.Config()
    for proposal in OFF:
        setattr(config, proposal, False)
    config.max_wasm_stack = limits["stack_bytes_max"]
    config.consume_fuel = limits["fuel_per_call"] is not None
    return w.Engine(config)


def probed(engine, limits):
    """The proposals that the engine was seen to implement: each probe must return 42."""
    invoke = {"type": "action", "action": {"type": "invoke", "module": "m", "field": "probe", "args": []}}
    probes = json.loads((pathlib.Path(__file__).parent.parent / "probes.json").read_text())

    def has(binary):
        steps = execute(engine, limits, [{"type": "module", "name": "m", "binary": binary}, invoke])
        first = next((step["result"] for step in steps if step["result"]["kind"] == "failed"), None)
        # One that is accepted and answered wrongly is a finding and stays on.
        return first is None or first["value"]["why"] not in ("rejected", "unsupported", "limit")
    return [name for name, binary in probes.items() if has(binary)]


def execute(engine, limits, commands, state=None):
    """The outcomes of the steps; `state` gets what can be seen afterwards."""
    session, steps = Session(engine, limits), []
    for command in commands:
        if command["type"] == "module":
            steps.append(session.run({**command, "type": "module_definition"}))
            command = {"type": "module_instance", "module": command["name"], "instance": command["name"]}
        steps.append(session.run(command))
    if state is not None:
        state.update(session.state())
    return steps


def say(message):
    OUT.write(json.dumps(message).encode() + b"\n")
    OUT.flush()


def configure(message):
    """Open the engine; what the answer says of it, if it is asked for."""
    limits = message["limits"]
    made = engine(limits)
    info = {"id": ID, "implementation": "wasmtime", "version": importlib.metadata.version("wasmtime"),
            "capabilities": probed(made, limits)}
    asked = message["engines"]
    missing = [{"id": name, "reason": "this worker does not have it"} for name in asked if name != ID]
    say({"type": "engines", "engines": [info] if not asked or ID in asked else [], "missing": missing})
    return made, limits


def batch(message, made, limits):
    for case in message["cases"]:
        # The list names other workers' engines too.
        if ID in case.get("engines", [ID]):
            start, state = time.perf_counter(), {}
            steps = execute(made, limits, case["commands"], state)
            micros = int((time.perf_counter() - start) * 1e6)
            outcome = {"steps": steps, "state": state}
            say({"type": "result", "id": case["id"], "engine": ID, "micros": micros, "outcome": outcome})


def main():
    opened = None
    for line in sys.stdin.buffer:
        try:
            message = json.loads(line)
        except ValueError as error:
            say({"type": "error", "message": f"unreadable line: {error}"})
            return 1
        match message.get("type"):
            case "hello" if message.get("protocol") != 1:
                say({"type": "error", "message": "this worker speaks protocol 1"})
                return 1
            case "hello":
                say({"type": "hello", "protocol": 1, "worker": "python", "version": "0.1.0"})
            case "configure":
                opened = configure(message)
            case "batch":
                batch(message, *opened)
            case "bye":
                return 0
    return 0


# Whatever else writes to standard output must not spoil the protocol.
OUT = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)
sys.exit(main())
