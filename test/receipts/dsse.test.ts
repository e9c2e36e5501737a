/** The envelope against the DSSE specification's own vectors. */
import { p256 } from "@noble/curves/nist.js";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromBase64, toBase64 } from "../../src/base64.ts";
import { open, preAuthenticationEncoding, sign } from "../../src/receipts/dsse.ts";
import { importPrivateKey, newPrivateKey } from "../../src/receipts/keys.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (of: Uint8Array) => new TextDecoder().decode(of);
const hex = (of: Uint8Array) => Array.from(of, (b) => b.toString(16).padStart(2, "0")).join("");

/** protocol.md, "Test Vectors": a signature as raw r ‖ s, the key by its coordinates. */
const SPEC = {
  type: "http://example.com/HelloWorld",
  body: "hello world",
  pae: "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
  x: 46950820868899156662930047687818585632848591499744589407958293238635476079160n,
  y: 5640078356564379163099075877009565129882514886557779369047442380624545832820n,
  payload: "aGVsbG8gd29ybGQ=",
  sig: "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA==",
};

async function specKey() {
  const point = p256.Point.fromAffine({ x: SPEC.x, y: SPEC.y }).toBytes(false);
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const raw = new Uint8Array(point);
  const publicKey = await crypto.subtle.importKey("raw", raw, algorithm, true, ["verify"]);
  return { publicKey, keyid: "of the specification" };
}

const der = (raw: string) =>
  toBase64(p256.Signature.fromBytes(fromBase64(raw), "compact").toBytes("der"));

test("what is signed is the specification's encoding", () => {
  assert.is(text(preAuthenticationEncoding(SPEC.type, bytes(SPEC.body))), SPEC.pae);
});

test("lengths count bytes, and an empty body leaves its space (testvectors/vectors.json)", () => {
  assert.is(
    hex(preAuthenticationEncoding("application/vnd.in-toto+json", fromBase64("-_-_Pj8="))),
    "445353457631203238206170706c69636174696f6e2f766e642e696e2d746f746f2b6a736f6e203520fbffbf3e3f",
  );
  assert.is(
    hex(preAuthenticationEncoding("application/vnd.in-toto+json", new Uint8Array())),
    "445353457631203238206170706c69636174696f6e2f766e642e696e2d746f746f2b6a736f6e203020",
  );
  assert.is(
    hex(
      preAuthenticationEncoding(
        "application/vnd.exämple+json",
        bytes('{"_type":"https://in-toto.io/Statement/v1"}'),
      ),
    ),
    "445353457631203239206170706c69636174696f6e2f766e642e6578c3a46d706c652b6a736f6e203433207b225f74797065223a2268747470733a2f2f696e2d746f746f2e696f2f53746174656d656e742f7631227d",
  );
});

test("the specification's signature opens its envelope, in either alphabet of base64", async () => {
  const key = await specKey();
  for (const sig of [der(SPEC.sig), der(SPEC.sig).replaceAll("+", "-").replaceAll("/", "_")]) {
    const envelope = { payload: SPEC.payload, payloadType: SPEC.type, signatures: [{ sig }] };
    assert.is(text(await open(envelope, key)), SPEC.body);
  }
});

test("another body, another type or no DER is refused", async () => {
  const key = await specKey();
  const good = {
    payload: SPEC.payload,
    payloadType: SPEC.type,
    signatures: [{ sig: der(SPEC.sig) }],
  };
  const bad = [
    { ...good, payload: toBase64(bytes("hello worle")) },
    { ...good, payloadType: "http://example.com/HelloWorle" },
    { ...good, signatures: [{ sig: SPEC.sig }] },
    { ...good, signatures: [{ sig: "?" }] },
  ];
  for (const envelope of bad) {
    await open(envelope, key).then(
      () => assert.unreachable(),
      (error) => assert.match(error.message, /no signature of the key of the specification fits/),
    );
  }
});

test("what a new key signs, its public half opens, also as second signature", async () => {
  const key = await importPrivateKey(await newPrivateKey(), "new");
  const envelope = await sign("t", bytes("body"), key);
  const jwk = await crypto.subtle.exportKey("jwk", key.privateKey);
  const publicKey = await crypto.subtle.importKey(
    "jwk",
    { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y },
    { name: "ECDSA", namedCurve: "P-256" },
    true,
    ["verify"],
  );
  envelope.signatures.unshift({ keyid: key.keyid, sig: der(SPEC.sig) });
  assert.is(text(await open(envelope, { publicKey, keyid: key.keyid })), "body");
});

test.run();
