/** Dead Simple Signing Envelopes 1.0: the signature covers the payload's bytes and their type. */
import { p256 } from "@noble/curves/nist.js";
import * as v from "valibot";
import { fromBase64, toBase64 } from "../base64.ts";
import { InputError, MismatchError } from "../datasets/storage.ts";
import type { SigningKey, VerifyingKey } from "./keys.ts";

const ECDSA = { name: "ECDSA", hash: "SHA-256" };

/** Each hashes the whole payload once more, and ours have one. */
const SIGNATURES = 16;

export const EnvelopeSchema = v.looseObject({
  payload: v.string(),
  payloadType: v.string(),
  signatures: v.pipe(
    v.array(v.looseObject({ keyid: v.optional(v.string()), sig: v.string() })),
    v.minLength(1),
    v.maxLength(SIGNATURES, `there must be ${SIGNATURES} at most`),
  ),
});

export type Envelope = v.InferOutput<typeof EnvelopeSchema>;

/** The bytes that are signed, DSSE's PAE(UTF8(type), body): lengths count bytes. */
export function preAuthenticationEncoding(type: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const utf8 = new TextEncoder();
  const typeLength = utf8.encode(type).length;
  const head = utf8.encode(`DSSEv1 ${typeLength} ${type} ${body.length} `);
  const encoded = new Uint8Array(head.length + body.length);
  encoded.set(head);
  encoded.set(body, head.length);
  return encoded;
}

/** Signs a payload. The signature is DER, as public verifiers expect; WebCrypto gives r ‖ s. */
export async function sign(type: string, body: Uint8Array, key: SigningKey): Promise<Envelope> {
  const signed = preAuthenticationEncoding(type, body);
  const raw = new Uint8Array(await crypto.subtle.sign(ECDSA, key.privateKey, signed));
  const sig = toBase64(p256.Signature.fromBytes(raw, "compact").toBytes("der"));
  return {
    payload: toBase64(body),
    payloadType: type,
    signatures: [{ keyid: key.keyid, sig }],
  };
}

function rawSignature(sig: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return new Uint8Array(p256.Signature.fromBytes(fromBase64(sig), "der").toBytes("compact"));
  } catch {
    return undefined; // no P-256 signature verifies as one
  }
}

/**
 * The payload of an envelope that one of its signatures proves to be signed by the key.
 * Key ids are hints that nobody signed, so they decide nothing.
 * @throws InputError if it cannot be read, MismatchError if no signature is the key's.
 */
export async function open(
  envelope: Envelope,
  { publicKey, keyid }: VerifyingKey,
): Promise<Uint8Array<ArrayBuffer>> {
  let body: Uint8Array<ArrayBuffer>;
  try {
    body = fromBase64(envelope.payload);
  } catch {
    throw new InputError("the envelope's payload is not base64");
  }
  const signed = preAuthenticationEncoding(envelope.payloadType, body);
  for (const { sig } of envelope.signatures) {
    const raw = rawSignature(sig);
    if (raw && (await crypto.subtle.verify(ECDSA, publicKey, raw, signed))) return body;
  }
  throw new MismatchError(
    `no signature of the key ${keyid} fits: it was signed by another key, or changed since`,
  );
}
