// What this engine is, and how it is held to limits.

import v8 from "node:v8";
import vm from "node:vm";
import { capped } from "./caps.mjs";
import { diagnose } from "./diagnosis.mjs";
import { Failure, refusal } from "./failure.mjs";
import { readModule } from "./reader.mjs";

const PAGE = 65536;
const isBun = process.versions.bun !== undefined, isNode = !isBun && globalThis.Deno === undefined;

/** The engine with these limits, which hold for the process. */
export function opened(limits) {
  const caps = { memories: Math.floor(limits.memory_bytes_max / PAGE), tables: limits.table_elements_max };
  if (isNode) setFlags(caps, limits.stack_bytes_max);
  const hasFuel = limits.fuel_per_call !== null && limits.fuel_per_call !== undefined;
  return {
    implementation: isBun ? "javascriptcore" : "v8", capabilities: [],
    version: isBun ? `bun ${process.versions.bun}` : process.versions.v8,
    capped: isNode ? undefined : (about) => capped(about, caps),
    refusal(error, bytes) {
      return refusal(error, this.capabilities, () => mayDeclare(bytes));
    },
    limited: hasFuel ? (call) => timed(call, limits.fuel_per_call) : (call) => call(),
    diagnose,
  };
}

/** V8 has flags for the largest memory and table. */
function setFlags({ memories, tables }, stack) {
  v8.setFlagsFromString(`--wasm-max-mem-pages=${memories}`);
  v8.setFlagsFromString(`--wasm-max-table-size=${tables}`);
  v8.setFlagsFromString(`--stack-size=${Math.floor(stack / 1024)}`);
}

/** Whether the specification lets a module declare memories of these sizes. */
function mayDeclare(bytes) {
  const largest = ({ is64 }) => (is64 ? 1n << 48n : 1n << 16n);
  return readModule(bytes).memories.every((memory) => memory.hasPageSize || memory.min <= largest(memory));
}

const script = new vm.Script("globalThis.gainsayCall()");

/** V8 has no fuel: a call that has some gets a microsecond for each. */
function timed(call, fuel) {
  globalThis.gainsayCall = call;
  try {
    return script.runInThisContext({ timeout: Math.max(20, Math.ceil(fuel / 1000)) });
  } catch (error) {
    throw error?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? new Failure("limit", "fuel") : error;
  }
}
