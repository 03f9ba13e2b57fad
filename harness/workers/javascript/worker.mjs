// A gainsay worker for the JavaScript engine that runs it; see ../../protocol/PROTOCOL.md.
// The first argument is the engine's id.

import { readFileSync, readSync, writeSync } from "node:fs";
import { opened } from "./engine.mjs";
import { execute } from "./session.mjs";

const id = process.argv[2];
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Nothing else may go to standard output. */
console.log = console.error;

function say(message) {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let at = 0; at < bytes.length;) at += patiently(() => writeSync(1, bytes, at));
}

/** A pipe that is full, or empty, may say so instead of waiting. */
function patiently(act) {
  for (;;) {
    try {
      return act();
    } catch (error) {
      if (error.code === "EOF") return 0;
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(sleeper, 0, 0, 1);
    }
  }
}

/** The lines of standard input, until it ends; what comes after the last is no line. */
function* lines() {
  const chunk = Buffer.alloc(1 << 16);
  let pending = [];
  for (;;) {
    const count = patiently(() => readSync(0, chunk));
    if (count === 0) return;
    let start = 0;
    for (let end; (end = chunk.subarray(0, count).indexOf(10, start)) >= 0; start = end + 1) {
      yield Buffer.concat([...pending, chunk.subarray(start, end)]).toString();
      pending = [];
    }
    pending.push(Buffer.from(chunk.subarray(start, count)));
  }
}

function fail(message) {
  say({ type: "error", message });
  process.exit(1);
}

/** The proposals that the engine was seen to implement: each probe must return 42. */
function probed(engine) {
  const probes = JSON.parse(readFileSync(new URL("../probes.json", import.meta.url), "utf8"));
  const call = { type: "action", action: { type: "invoke", module: "m", field: "probe", args: [] } };
  const has = ([, binary]) => {
    const { steps } = execute(engine, [{ type: "module", name: "m", binary }, call]);
    const failure = steps.find(({ result }) => result.kind === "failed")?.result.value.why;
    // One that is accepted and answered wrongly is a finding and stays on.
    return !["rejected", "unsupported", "limit"].includes(failure);
  };
  return Object.entries(probes).filter(has).map(([name]) => name);
}

function configure({ engines, limits }) {
  const engine = opened(limits);
  engine.capabilities = probed(engine);
  const { implementation, version, capabilities } = engine;
  const missing = engines.filter((name) => name !== id).map((name) => ({ id: name, reason: "this worker does not have it" }));
  const isAsked = engines.length === 0 || engines.includes(id);
  say({ type: "engines", engines: isAsked ? [{ id, implementation, version, capabilities }] : [], missing });
  return engine;
}

/** Engines tidy up between turns of the event loop. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

async function batch({ cases, steps: wantsSteps }, engine) {
  for (const { id: number, engines, commands } of cases) {
    // The list names other workers' engines too.
    for (const name of (engines ?? [id]).filter((engine) => engine === id)) {
      const onStep = (step, words) => {
        const detail = words === undefined ? undefined : { refusal: null, message: words };
        if (wantsSteps) say({ type: "step", id: number, engine: name, step, detail });
      };
      const start = performance.now();
      const outcome = execute(engine, commands, onStep);
      say({ type: "result", id: number, engine: name, micros: Math.round((performance.now() - start) * 1000), outcome });
    }
    await turn();
  }
}

async function main() {
  let engine;
  for (const line of lines()) {
    let message;
    try {
      message = JSON.parse(line);
    } catch (error) {
      fail(`unreadable line: ${error.message}`);
    }
    if (message.type === "hello") {
      if (message.protocol !== 1) fail("this worker speaks protocol 1");
      say({ type: "hello", protocol: 1, worker: "javascript", version: "0.1.0" });
    }
    if (message.type === "configure") engine = configure(message);
    if (message.type === "batch") await batch(message, engine);
    if (message.type === "bye") break;
  }
  process.exit(0);
}

await main();
