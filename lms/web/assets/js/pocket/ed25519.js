// Whether an installation signed something (Ed25519, RFC 8032), also in a browser that has no word for it.
import { unbase64url, utf8 } from "./keys.js";

const PRIME = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (value) => ((value % PRIME) + PRIME) % PRIME;
const power = (base, exponent) => {
  let [made, square] = [1n, base];
  for (let left = exponent; left; left >>= 1n) {
    if (left & 1n) made = mod(made * square);
    square = mod(square * square);
  }
  return made;
};
const invert = (value) => power(value, PRIME - 2n);
const D = mod(-121665n * invert(121666n));
const ROOT = power(2n, (PRIME - 1n) / 4n); // of -1
const small = (bytes) => bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);

// Points as (X, Y, Z, T), x = X/Z, y = Y/Z, xy = T/Z.
const add = ([a, b, c, d], [e, f, g, h]) => {
  const one = mod((b - a) * (f - e));
  const two = mod((b + a) * (f + e));
  const three = mod(2n * d * h * D);
  const four = mod(2n * c * g);
  const [p, q, r, s] = [two - one, four - three, four + three, two + one];
  return [mod(p * q), mod(r * s), mod(q * r), mod(p * s)];
};
const times = (scalar, point) => {
  let [made, twice] = [[0n, 1n, 1n, 0n], point];
  for (let left = scalar; left; left >>= 1n) {
    if (left & 1n) made = add(made, twice);
    twice = add(twice, twice);
  }
  return made;
};
const point = (bytes) => {
  const whole = small(bytes);
  const y = whole & (2n ** 255n - 1n);
  const sign = whole >> 255n;
  if (y >= PRIME) return null;
  const [above, below] = [mod(y * y - 1n), mod(D * y * y + 1n)];
  const ratio = mod(above * invert(below));
  let x = power(ratio, (PRIME + 3n) / 8n);
  if (mod(x * x) !== ratio) x = mod(x * ROOT);
  if (mod(x * x) !== ratio || (!x && sign)) return null;
  if ((x & 1n) !== sign) x = PRIME - x;
  return [x, y, 1n, mod(x * y)];
};
const BASE = point([0x58, ...new Array(31).fill(0x66)]);
const packed = ([x, y, z]) => {
  const inverse = invert(z);
  const whole = mod(y * inverse) | ((mod(x * inverse) & 1n) << 255n);
  return Array.from({ length: 32 }, (_, place) => Number((whole >> BigInt(8 * place)) & 255n));
};

export const check = async (key, signature, message) => {
  const [head, scalar, public_] = [signature.subarray(0, 32), small(signature.subarray(32)), point(key)];
  if (signature.length !== 64 || key.length !== 32 || !public_ || scalar >= ORDER) return false;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-512", Uint8Array.from([...head, ...key, ...message])));
  const [x, y, z, t] = public_;
  const found = packed(add(times(scalar, BASE), times(small(hash) % ORDER, [mod(-x), y, z, mod(-t)])));
  return found.every((byte, place) => byte === head[place]);
};

// `key`: SPKI, which ends with the 32 bytes.
export const isSignedBy = async (key, signature, text) => {
  const [spki, signed, message] = [unbase64url(key), unbase64url(signature), utf8(text)];
  try {
    const imported = await crypto.subtle.importKey("spki", spki, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, imported, signed, message);
  } catch {
    return check(spki.subarray(-32), signed, message);
  }
};
