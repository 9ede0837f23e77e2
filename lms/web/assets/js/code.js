// What the QR code of a certificate holds, taken apart as strictly as lms/certificates/qr.py does: anything that it would
// not write is a `Problem`, called as the sentence about it is. tests/vectors/codes.json holds both to the same.
class Problem extends Error {}
const fail = (name) => { throw new Problem(name); };
const isBytes = (value) => value instanceof Uint8Array;
const isWhole = (value, most) => Number.isInteger(value) && value >= 0 && value <= most;
const isShort = (value) => typeof value === "string" && new TextEncoder().encode(value).length <= 60;

// The bytes in an address or in its digits.
const parse = (text) => {
  const digits = text.slice(text.lastIndexOf("#") + 1).replace(/\s/g, "");
  if (!/^[1-9][0-9]{0,1199}$/.test(digits)) fail("no_code");
  const bytes = [];
  for (const digit of digits) {
    let carry = Number(digit);
    for (let place = 0; place < bytes.length; place += 1) {
      carry += bytes[place] * 10;
      bytes[place] = carry & 255;
      carry >>= 8;
    }
    if (carry) bytes.push(carry);
  }
  return Uint8Array.from(bytes.reverse());
};

// One value of deterministic CBOR (RFC 8949, 4.2), without floating point; `rest`: whether something follows it.
const decode = (bytes) => {
  let at = 0;
  const take = (count) => {
    if (at + count > bytes.length) fail("no_message");
    at += count;
    return bytes.subarray(at - count, at);
  };
  const head = () => {
    const first = take(1)[0];
    const kind = first >> 5;
    const short = first & 31;
    if (short < 24) return [kind, short];
    if (short > 27) fail(short === 31 ? "spelt" : "no_message");
    const size = 2 ** (short - 24);
    const count = take(size).reduce((sum, byte) => sum * 256 + byte, 0);
    if (kind !== 7 && count < (size === 1 ? 24 : 256 ** (size / 2))) fail("spelt");
    return [kind, count];
  };
  const text = (count) => {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(take(count));
    } catch {
      return fail("no_message");
    }
  };
  const list = (count) => {
    const made = [];
    while (made.length < count) made.push(item());
    return made;
  };
  const mapping = (count) => {
    const made = new Map();
    let before = new Uint8Array();
    for (let done = 0; done < count; done += 1) {
      const start = at;
      const key = item();
      const order = compare(bytes.subarray(start, at), before);
      if (order <= 0) fail(order === 0 ? "twice" : "spelt");
      before = bytes.subarray(start, at);
      made.set(key, item());
    }
    return made;
  };
  const item = () => {
    const [kind, count] = head();
    switch (kind) {
      case 0: return count;
      case 1: return -1 - count;
      case 2: return take(count);
      case 3: return text(count);
      case 4: return list(count);
      case 5: return mapping(count);
      case 6: return { tag: count, value: item() };
      default: return undefined;
    }
  };
  const value = item();
  return { value, rest: at < bytes.length };
};

const compare = (one, other) => {
  if (one.length !== other.length) return one.length - other.length;
  const place = one.findIndex((byte, here) => byte !== other[here]);
  return place < 0 ? 0 : one[place] - other[place];
};

const mapping = (bytes) => {
  const { value, rest } = decode(bytes);
  if (!(value instanceof Map)) fail("no_message");
  if (rest) fail("longer");
  return value;
};
const has = (map, ...keys) => map.size === keys.length && keys.every((key) => map.has(key));

const keyId = (header) => {
  if (header.get(1) !== -7) fail("algorithm");
  const kid = header.get(4);
  if (!has(header, 1, 4) || !isBytes(kid) || kid.length !== 8) fail("facts");
  return [...kid].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

// The number, its check character looked at (lms/certificates/number.py).
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const isNumber = (text) => {
  if (typeof text !== "string" || !/^[0-9A-HJKMNP-TV-Z]{15}$/.test(text)) return false;
  const check = [...text.slice(0, 14)].reduce((sum, each) => (sum * 32 + ALPHABET.indexOf(each)) % 37, 0);
  return check === ALPHABET.indexOf(text[14]);
};
const dashed = (plain) => [plain.slice(0, 4), plain.slice(4, 8), plain.slice(8, 12), plain.slice(12, 14), plain.slice(14)].join("-");

const claimsOf = (said) => {
  const usual = [-1, -2, -3, -4, -5, -6];
  const [day, number, name, code, title, hours] = usual.map((key) => said.get(key));
  const flags = said.has(-7) ? said.get(-7) : 0;
  if (!has(said, ...usual, ...(said.has(-7) ? [-7] : [])) || (said.has(-7) && flags === 0)) fail("facts");
  if (!isWhole(day, 65535) || !isWhole(hours, 65535) || !isWhole(flags, 3) || !isNumber(number)) fail("facts");
  if (![name, code, title].every(isShort)) fail("facts");
  const on = new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10);
  return { on, number: dashed(number), name, code, title, hours: hours / 100, demonstration: Boolean(flags & 1), underReview: Boolean(flags & 2) };
};

// What the signature is over (RFC 9052, `Sig_structure`).
const head = (bytes) => (bytes.length < 24 ? [0x40 + bytes.length] : bytes.length < 256 ? [0x58, bytes.length] : [0x59, bytes.length >> 8, bytes.length & 255]);
const covered = (header, claims) => Uint8Array.from([0x84, 0x6a, ...new TextEncoder().encode("Signature1"), ...head(header), ...header, 0x40, ...head(claims), ...claims]);

// The code in these bytes, whoever signed it.
const read = (payload) => {
  if (payload[0] !== 1) fail("version");
  const { value: message, rest } = decode(payload.subarray(1));
  const parts = message && message.tag === 18 && Array.isArray(message.value) ? message.value : [];
  const [header, uncovered, claims, signature] = parts;
  if (parts.length !== 4 || ![header, claims, signature].every(isBytes) || !(uncovered instanceof Map)) fail("no_message");
  if (uncovered.size) fail("uncovered");
  if (rest) fail("longer");
  if (signature.length !== 64) fail("length");
  return { kid: keyId(mapping(header)), claims: claimsOf(mapping(claims)), covered: covered(header, claims), signature };
};
window.codes = { Problem, parse, read };
