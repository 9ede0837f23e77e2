// The key of a device, one for each person on it: the private half never leaves the browser, not even for this script.
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

export const utf8 = (text) => new TextEncoder().encode(text);
export const base64url = (bytes) => {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text).replace(/[+]/g, "-").replace(/[/]/g, "_").replace(/=+$/, "");
};
export const unbase64url = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
export const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
export const sha256 = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));

// `secret` may be kept in the database and can't be read; `key` is the public half, SPKI.
export const make = async () => {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
  return { secret: pair.privateKey, key: base64url(await crypto.subtle.exportKey("spki", pair.publicKey)) };
};

// r and s, 64 bytes, over the text's bytes.
export const sign = async (secret, text) => base64url(await crypto.subtle.sign(SIGNING, secret, utf8(text)));

export const verify = async (key, signature, text) => {
  const imported = await crypto.subtle.importKey("spki", unbase64url(key), ALGORITHM, false, ["verify"]);
  return crypto.subtle.verify(SIGNING, imported, unbase64url(signature), utf8(text));
};
