// XXH3-64 with seed 0, of a Uint8Array.
//
// Long inputs go through 32-bit halves, for JavaScript's 64-bit integers are slow; what is short,
// and the end of what is long, goes through them.

const SECRET = Uint8Array.from((
  "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221" +
  "b8084674f743248ee03590e6813a264c3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8" +
  "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364eac5ac8334d3ebc3c581a0fffa1363eb" +
  "170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e"
).match(/../g), (pair) => parseInt(pair, 16));
const SECRET_VIEW = new DataView(SECRET.buffer);

const MASK = (1n << 64n) - 1n;
const PRIME32_1 = 0x9e3779b1n, PRIME32_2 = 0x85ebca77n, PRIME32_3 = 0xc2b2ae3dn;
const PRIME64_1 = 0x9e3779b185ebca87n, PRIME64_2 = 0xc2b2ae3d27d4eb4fn, PRIME64_3 = 0x165667b19e3779f9n;
const PRIME64_4 = 0x85ebca77c2b2ae63n, PRIME64_5 = 0x27d4eb2f165667c5n;
const PRIME_MX1 = 0x165667919e3779f9n, PRIME_MX2 = 0x9fb21c651e98df25n;

const secret64 = (at) => SECRET_VIEW.getBigUint64(at, true);
const secret32 = (at) => BigInt(SECRET_VIEW.getUint32(at, true));
const xorshift = (hash, by) => hash ^ (hash >> by);
const avalanche = (hash) => xorshift((xorshift(hash, 37n) * PRIME_MX1) & MASK, 32n);
const avalanche64 = (hash) =>
  xorshift((xorshift((xorshift(hash, 33n) * PRIME64_2) & MASK, 29n) * PRIME64_3) & MASK, 32n);
const rotate = (x, by) => ((x << by) | (x >> (64n - by))) & MASK;

function fold(left, right) {
  const product = left * right;
  return (product & MASK) ^ (product >> 64n);
}

function swap(x) {
  let out = 0n;
  for (let i = 0; i < 8; i++, x >>= 8n) out = (out << 8n) | (x & 0xffn);
  return out;
}

function upTo16(bytes, view) {
  const length = bytes.length, n = BigInt(length);
  if (length > 8) {
    const low = view.getBigUint64(0, true) ^ secret64(24) ^ secret64(32);
    const high = view.getBigUint64(length - 8, true) ^ secret64(40) ^ secret64(48);
    return avalanche((n + swap(low) + high + fold(low, high)) & MASK);
  }
  if (length >= 4) {
    const first = BigInt(view.getUint32(0, true)), last = BigInt(view.getUint32(length - 4, true));
    let hash = (last + (first << 32n)) ^ secret64(8) ^ secret64(16);
    hash ^= rotate(hash, 49n) ^ rotate(hash, 24n);
    hash = (hash * PRIME_MX2) & MASK;
    hash ^= (hash >> 35n) + n;
    return xorshift((hash * PRIME_MX2) & MASK, 28n);
  }
  if (length === 0) return avalanche64(secret64(56) ^ secret64(64));
  const combined = (bytes[0] << 16) | (bytes[length >> 1] << 24) | bytes[length - 1] | (length << 8);
  return avalanche64(BigInt(combined >>> 0) ^ secret32(0) ^ secret32(4));
}

function upTo240(length, view) {
  const mix = (at, secret) =>
    fold(view.getBigUint64(at, true) ^ secret64(secret), view.getBigUint64(at + 8, true) ^ secret64(secret + 8));
  let hash = BigInt(length) * PRIME64_1;
  if (length <= 128) {
    for (let i = (length - 1) >> 5; i >= 0; i--) {
      hash += mix(16 * i, 32 * i) + mix(length - 16 * (i + 1), 32 * i + 16);
    }
    return avalanche(hash & MASK);
  }
  const rounds = length >> 4;
  for (let i = 0; i < 8; i++) hash += mix(16 * i, 16 * i);
  hash = avalanche(hash & MASK);
  for (let i = 8; i < rounds; i++) hash += mix(16 * i, 16 * (i - 8) + 3);
  hash += mix(length - 16, 136 - 17);
  return avalanche(hash & MASK);
}

// acc, a, b: pairs of 32-bit halves at `i`. acc += low(b) * high(b), all of them unsigned.
function addProduct(acc, i, low, high) {
  const a = low & 0xffff, b = low >>> 16, c = high & 0xffff, d = high >>> 16;
  const ac = Math.imul(a, c) >>> 0, bc = Math.imul(b, c) >>> 0, ad = Math.imul(a, d) >>> 0;
  const middle = (ac >>> 16) + (bc & 0xffff) + (ad & 0xffff);
  const lowWord = ((ac & 0xffff) | (middle << 16)) >>> 0;
  const highWord = (Math.imul(b, d) + (bc >>> 16) + (ad >>> 16) + (middle >>> 16)) >>> 0;
  add(acc, i, lowWord, highWord);
}

function add(acc, i, low, high) {
  const sum = acc[i] + low;
  acc[i + 1] = acc[i + 1] + high + (sum > 0xffffffff ? 1 : 0);
  acc[i] = sum;
}

function accumulate(acc, view, at, secret) {
  for (let lane = 0; lane < 8; lane++) {
    const low = view.getUint32(at + 8 * lane, true), high = view.getUint32(at + 8 * lane + 4, true);
    add(acc, 2 * (lane ^ 1), low, high);
    const keyLow = SECRET_VIEW.getUint32(secret + 8 * lane, true) ^ low;
    const keyHigh = SECRET_VIEW.getUint32(secret + 8 * lane + 4, true) ^ high;
    addProduct(acc, 2 * lane, keyLow, keyHigh);
  }
}

function scramble(acc) {
  for (let i = 0; i < 8; i++) {
    let lane = (BigInt(acc[2 * i + 1]) << 32n) | BigInt(acc[2 * i]);
    lane = xorshift(lane, 47n) ^ secret64(SECRET.length - 64 + 8 * i);
    lane = (lane * PRIME32_1) & MASK;
    acc[2 * i] = Number(lane & 0xffffffffn);
    acc[2 * i + 1] = Number(lane >> 32n);
  }
}

function long(length, view) {
  const start = [PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1];
  const acc = new Uint32Array(start.flatMap((lane) => [Number(lane & 0xffffffffn), Number(lane >> 32n)]));
  const stripes = (SECRET.length - 64) / 8, block = 64 * stripes;
  const blocks = Math.floor((length - 1) / block);
  for (let b = 0; b < blocks; b++) {
    for (let s = 0; s < stripes; s++) accumulate(acc, view, b * block + 64 * s, 8 * s);
    scramble(acc);
  }
  const rest = Math.floor((length - 1 - blocks * block) / 64);
  for (let s = 0; s < rest; s++) accumulate(acc, view, blocks * block + 64 * s, 8 * s);
  accumulate(acc, view, length - 64, SECRET.length - 64 - 7);
  const lane = (i) => (BigInt(acc[2 * i + 1]) << 32n) | BigInt(acc[2 * i]);
  let hash = BigInt(length) * PRIME64_1;
  for (let i = 0; i < 4; i++) {
    hash += fold(lane(2 * i) ^ secret64(11 + 16 * i), lane(2 * i + 1) ^ secret64(11 + 16 * i + 8));
  }
  return avalanche(hash & MASK);
}

/** The hash as a decimal string. */
export function xxh3(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length <= 16) return String(upTo16(bytes, view));
  return String(bytes.length <= 240 ? upTo240(bytes.length, view) : long(bytes.length, view));
}
