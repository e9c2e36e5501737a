/** ECDSA P-256 keys as PEM: PKCS#8 (private) and SubjectPublicKeyInfo (public), RFC 7468. */
import { fromBase64, toBase64 } from "../base64.ts";
import { InputError } from "../datasets/storage.ts";

const P256 = { name: "ECDSA", namedCurve: "P-256" };

type Label = "PRIVATE KEY" | "PUBLIC KEY";

/** A key that signs, the public key that checks it, and that key's id. */
export interface SigningKey {
  privateKey: CryptoKey;
  /** SubjectPublicKeyInfo in PEM. */
  publicPem: string;
  keyid: string;
}

/** A key that checks signatures. */
export interface VerifyingKey {
  publicKey: CryptoKey;
  keyid: string;
}

function toPem(label: Label, der: ArrayBuffer): string {
  const lines = toBase64(new Uint8Array(der)).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function fromPem(label: Label, text: string): Uint8Array<ArrayBuffer> {
  const [, found, body] =
    /^-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*)-----END \1-----$/.exec(text.trim()) ?? []; // trim takes a BOM, too
  if (found === label) return fromBase64((body as string).replace(/\s/g, ""));
  throw new SyntaxError(found ? `it holds a ${found}` : "it is not PEM");
}

/** Fields of an SSH key (RFC 4251, section 5): each after its length, a big-endian uint32. */
function sshFields(fields: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = (bytes: Uint8Array) => {
    const four = new Uint8Array(4);
    new DataView(four.buffer).setUint32(0, bytes.length);
    return four;
  };
  return Uint8Array.from(fields.flatMap((field) => [...length(field), ...field]));
}

/**
 * The key's id: its OpenSSH fingerprint, as `ssh-keygen -l` prints it. Public verifiers that
 * have nothing but the PEM make the same, and pass over a signature that names another.
 */
async function keyId(publicKey: CryptoKey): Promise<string> {
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
  const name = (text: string) => new TextEncoder().encode(text);
  const blob = sshFields([name("ecdsa-sha2-nistp256"), name("nistp256"), point]);
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", blob));
  return `SHA256:${toBase64(sha256).replace(/=+$/, "")}`;
}

/** A new private key, PKCS#8 in PEM. */
export async function newPrivateKey(): Promise<string> {
  const pair = await crypto.subtle.generateKey(P256, true, ["sign", "verify"]);
  return toPem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", pair.privateKey));
}

/**
 * A private key out of PEM.
 * @throws InputError if it is not an ECDSA P-256 key in PKCS#8.
 */
export async function importPrivateKey(pem: string, from: string): Promise<SigningKey> {
  try {
    const der = fromPem("PRIVATE KEY", pem);
    const privateKey = await crypto.subtle.importKey("pkcs8", der, P256, true, ["sign"]);
    const { d: _, key_ops: __, ...jwk } = await crypto.subtle.exportKey("jwk", privateKey);
    const publicKey = await crypto.subtle.importKey("jwk", jwk, P256, true, ["verify"]);
    const spki = await crypto.subtle.exportKey("spki", publicKey);
    return { privateKey, publicPem: toPem("PUBLIC KEY", spki), keyid: await keyId(publicKey) };
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : "it is another kind of key";
    throw new InputError(
      `${from} must hold an ECDSA P-256 private key as PKCS#8 PEM; ${why}; make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`,
    );
  }
}

/**
 * A public key out of PEM.
 * @throws InputError if it is not an ECDSA P-256 key in SubjectPublicKeyInfo.
 */
export async function importPublicKey(pem: string, from: string): Promise<VerifyingKey> {
  try {
    const der = fromPem("PUBLIC KEY", pem);
    const publicKey = await crypto.subtle.importKey("spki", der, P256, true, ["verify"]);
    return { publicKey, keyid: await keyId(publicKey) };
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : "it is another kind of key";
    throw new InputError(`${from} must hold an ECDSA P-256 public key as PEM; ${why}`);
  }
}
