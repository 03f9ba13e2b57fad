// What this engine is, and how it is held to limits.

import v8 from "node:v8";
import vm from "node:vm";
import { diagnose } from "./diagnosis.mjs";
import { Failure, refusal } from "./failure.mjs";
import { readModule } from "./reader.mjs";

const PAGE = 65536;

/** The engine with these limits, which hold for the process. */
export function opened(limits) {
  v8.setFlagsFromString(`--wasm-max-mem-pages=${Math.floor(limits.memory_bytes_max / PAGE)}`);
  v8.setFlagsFromString(`--wasm-max-table-size=${limits.table_elements_max}`);
  v8.setFlagsFromString(`--stack-size=${Math.floor(limits.stack_bytes_max / 1024)}`);
  return {
    implementation: "v8", version: process.versions.v8, capabilities: [],
    prepare: (bytes) => bytes,
    refusal(error, bytes) {
      return refusal(error, this.capabilities, () => mayDeclare(bytes));
    },
    limited: limits.fuel_per_call === null ? (call) => call() : (call) => timed(call, limits.fuel_per_call),
    diagnose: (session, error, two) =>
      session.isAgain ? new Failure("trapped", two[2]) : diagnose(session, error, two),
  };
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
