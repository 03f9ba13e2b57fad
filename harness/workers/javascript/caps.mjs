// Limits for engines that have none: a module's own memories and tables are given no larger maximum
// than allowed. What the engine then cannot tell at linking is checked here: whether the maximum that
// the module did declare is within that of an import.

import { section, unsigned } from "./adapters.mjs";
import { Failure } from "./failure.mjs";

const KINDS = { 4: "tables", 5: "memories" };

/** What the modules declared of the memories and tables that they made. */
const declared = new WeakMap();

/** The bytes of the module with its maxima capped; null if they are as they were. */
export function capped(about, caps) {
  let { bytes } = about, isChanged = false;
  for (const { id, start, end, items } of about.sizes.toReversed()) {
    const cap = (item) => capOf(item, BigInt(caps[KINDS[id]]), id);
    if (items.every((item) => cap(item) === item.max)) continue;
    const content = items.flatMap((item) => withMaximum(about.bytes, item, cap(item)));
    const whole = section(id, [...unsigned(items.length), ...content]);
    bytes = Uint8Array.from([...bytes.subarray(0, start), ...whole, ...bytes.subarray(end)]);
    isChanged = true;
  }
  return isChanged ? bytes : null;
}

/** The maximum that a memory or table gets. */
function capOf({ min, max, hasPageSize }, most, id) {
  if (hasPageSize) return max;
  if (min > most) throw new Failure("limit", id === 4 ? "table" : "memory");
  return max === null || max > most ? most : max;
}

function withMaximum(bytes, { from, end, flagsAt, limitsEnd, flags, min }, max) {
  const limits = max === null ? [] : [flags | 1, ...unsigned(min), ...unsigned(max)];
  return [...bytes.subarray(from, flagsAt), ...limits, ...bytes.subarray(limitsEnd, end)];
}

/** Remember what an instance's own memories and tables were declared as. */
export function remember({ about, exports }) {
  for (const { name, kind, index } of about.exports) {
    const type = kind === "memory" ? about.memories[index] : kind === "table" ? about.tables[index] : undefined;
    if (type && !declared.has(exports[name])) declared.set(exports[name], type);
  }
}

/** Whether the maximum that `object` was declared with is within the import's. */
export function fits(object, { type }) {
  const made = declared.get(object);
  return !made || type.max === null || (made.max !== null && made.max <= type.max);
}
