/** Receipts: what they say, and that nothing changed, mixed or cut passes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { toBase64 } from "../../src/base64.ts";
import { InputError, MismatchError } from "../../src/datasets/storage.ts";
import { type Envelope, sign } from "../../src/receipts/dsse.ts";
import { importPrivateKey, importPublicKey, newPrivateKey } from "../../src/receipts/keys.ts";
import { readReceipt, writeReceipt } from "../../src/receipts/receipt.ts";
import { receiptLines } from "../../src/receipts/tell.ts";
import { PAYLOAD_TYPE, statements } from "../../src/receipts/statement.ts";
import { canonicalForm } from "../../src/recipe.ts";
import type { Report } from "../../src/verification/verify-claims.ts";
import { reportOfOne as report } from "./report.ts";

const key = await importPrivateKey(await newPrivateKey(), "key");
const verifying = await importPublicKey(key.publicPem, "public key");

const good = await writeReceipt(report(), key);
const [countsLine, resultLine] = good.trim().split("\n") as [string, string];

async function refused(text: string, kind: typeof InputError, message: RegExp, by = verifying) {
  await readReceipt(text, by).then(
    () => assert.unreachable(`${message} was accepted`),
    (error) => {
      assert.match(error.message, message);
      assert.instance(error, kind);
    },
  );
}

function changed(line: string, change: (envelope: Envelope) => void): string {
  const envelope = JSON.parse(line) as Envelope;
  change(envelope);
  return JSON.stringify(envelope);
}

test("a receipt gives back what was signed, whatever the order of its lines", async () => {
  for (const text of [good, `${resultLine}\n\n${countsLine}\n`]) {
    const { counts, testResult } = await readReceipt(text, verifying);
    assert.equal(counts.report, report());
    assert.is(testResult.result, "PASSED");
    assert.equal(testResult.passedTests, ["checkpoint mlp-1x512.true", "claim table-1"]);
  }
});

test("an outcome that the results do not have is refused", async () => {
  const undecided = {
    ...report(),
    verdicts: [{ ...report().verdicts[0], status: "not-evaluated" }],
  };
  await refused(
    await writeReceipt(undecided as Report, key),
    MismatchError,
    /another outcome than their results/,
  );
  const honest = await writeReceipt({ ...undecided, passed: false } as Report, key);
  assert.is((await readReceipt(honest, verifying)).testResult.result, "WARNED");
});

test("subjects are the model and CIFAR-10, the configuration fixture and history", () => {
  const [counts, result] = statements({ finishedOn: "2026-01-01T00:00:00.000Z", report: report() });
  assert.equal(counts.subject, result.subject);
  assert.is(counts.subject.length, 7);
  assert.equal(counts.subject[0], {
    name: "models/mlp-1x512.true/model.onnx",
    digest: { sha256: "a".repeat(64) },
  });
  assert.equal(counts.subject[6], {
    name: "cifar10/test_batch.bin",
    digest: { sha256: "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b" },
  });
  assert.equal(result.predicate.configuration.slice(0, 2), [
    { name: "fixtures/mlp-1x512.true.json", digest: { sha256: "b".repeat(64) } },
    { name: "models/mlp-1x512.true/history.json", digest: { sha256: "c".repeat(64) } },
  ]);
});

test("match, not-certified and mismatch are PASSED, WARNED and FAILED", () => {
  const result = (of: Report) =>
    statements({ finishedOn: "2026-01-01T00:00:00.000Z", report: of })[1].predicate;
  assert.is(result(report("not-certified")).result, "WARNED");
  assert.is(result(report("mismatch")).result, "FAILED");
  assert.equal(result(report("mismatch")).failedTests, ["checkpoint mlp-1x512.true"]);
  const open = report();
  open.verdicts.push({
    claim: "table-2",
    status: "not-evaluated",
    reason: "",
    findings: [],
    missing: [],
  });
  assert.is(result(open).result, "WARNED");
  assert.equal(result(open).warnedTests, ["claim table-2"]);
});

test("counts that a server computed pass by nobody's word but its own, and the verdict says so", () => {
  const by = { ...report(), server: "https://example.org/" };
  const { predicate } = statements({ finishedOn: "2026-01-01T00:00:00.000Z", report: by })[1];
  assert.is(predicate.result, "WARNED");
  assert.equal(predicate.warnedTests, ["run by https://example.org/, by its word"]);
  assert.equal(predicate.failedTests, []);
});

test("a file of empty lines costs no more than itself", async () => {
  const before = process.memoryUsage().rss;
  await refused("\n".repeat(16 * 2 ** 20), InputError, /no statement is/);
  assert.ok(process.memoryUsage().rss - before < 200 * 2 ** 20);
});

test("more signatures than a receipt could need are not tried", async () => {
  const signed = (count: number) =>
    changed(countsLine, (e) => {
      e.signatures = Array(count).fill(e.signatures[0]);
    });
  assert.ok(await readReceipt(`${signed(16)}\n${resultLine}`, verifying));
  const line = /^line 1: signatures: there must be 16 at most$/;
  await refused(`${signed(17)}\n${resultLine}`, InputError, line);
});

test("a checkpoint's result is its shards', and counts that match are equal", async () => {
  const by = (result: string, shard: object, more = {}) => {
    const of = report();
    const [one] = of.checkpoints as [Report["checkpoints"][0]];
    const outcome = { matched: result === "match", passed: result === "match" };
    const splits = { ...one.splits, test: [{ ...one.splits.train[0], ...shard }] };
    return { ...of, ...outcome, checkpoints: [{ ...one, result, splits, ...more }] } as Report;
  };
  const wrong = /mlp-1x512\.true is said to be (match|not-certified), which its shards are not/;
  const none = { splits: { train: [], test: [] } };
  for (const of of [
    by("match", { result: "mismatch" }),
    by("match", { recomputed: 3 }),
    by("not-certified", { result: "mismatch" }),
    by("not-certified", {}),
    by("match", {}, none), // of nothing
  ])
    await refused(await writeReceipt(of, key), MismatchError, wrong);
  for (const of of [
    by("mismatch", { result: "mismatch" }), // by its predictions or logits
    by("not-certified", { result: "not-certified", recomputed: 989 }),
    by("not-certified", {}, none),
  ])
    assert.equal((await readReceipt(await writeReceipt(of, key), verifying)).counts.report, of);
});

test("nothing evaluated is not signed", async () => {
  await writeReceipt({ ...report(), checkpoints: [] }, key).then(
    () => assert.unreachable(),
    (error) => assert.match(error.message, /nothing was evaluated/),
  );
});

test("a changed payload, another key and another payload type are refused", async () => {
  const mismatch = await writeReceipt(report("mismatch"), key);
  const tampered = changed(countsLine, (e) => {
    e.payload = toBase64(new TextEncoder().encode(atob(e.payload).replace("990", "991")));
  });
  await refused(`${tampered}\n${resultLine}`, MismatchError, /no signature of the key/);
  const other = await importPrivateKey(await newPrivateKey(), "other");
  const wrong = await importPublicKey(other.publicPem, "other");
  await refused(good, MismatchError, /no signature of the key/, wrong);
  const retyped = changed(countsLine, (e) => {
    e.payloadType = "application/json";
  });
  await refused(`${retyped}\n${resultLine}`, MismatchError, /no signature of the key/);
  const odd = JSON.stringify(await sign("text/plain", new TextEncoder().encode("{}"), key));
  await refused(odd, InputError, /payload type text\/plain, not application\/vnd\.in-toto\+json/);
  const mixed = `${mismatch.split("\n")[0]}\n${resultLine}`;
  await refused(mixed, MismatchError, /does not fit the counts/);
});

test("a signed test result that does not follow from the counts is refused", async () => {
  const [counts, result] = statements({
    finishedOn: "2026-01-01T00:00:00.000Z",
    report: report("mismatch"),
  });
  result.predicate.result = "PASSED";
  const lines = [];
  for (const statement of [counts, result])
    lines.push(JSON.stringify(await sign(PAYLOAD_TYPE, canonicalForm(statement), key)));
  await refused(lines.join("\n"), MismatchError, /test-result\/v0\.1 does not fit the counts/);
});

test("what is cut, empty or something else is one line", async () => {
  await refused(
    good.slice(0, -20),
    InputError,
    /line 2 is no part of a receipt: it is not JSON; is the file whole\?/,
  );
  await refused(countsLine, InputError, /no statement is .*test-result\/v0\.1/);
  await refused("", InputError, /no statement is urn:rethink:counts:v1/);
  await refused('{"payload":"aGk="}', InputError, /line 1: payloadType/);
  await refused(`${good}${good}`, InputError, /two statements are/);
  const noBase64 = changed(countsLine, (e) => {
    e.payload = "%";
  });
  await refused(noBase64, InputError, /payload is not base64/);
});

test("a byte order mark is passed over, a line that is no part of the receipt is not", async () => {
  assert.is((await readReceipt(`\uFEFF${good}`, verifying)).testResult.result, "PASSED");
  await refused(`${good}not JSON\n`, InputError, /line 3 is no part of a receipt: it is not JSON/);
  await refused(`{"a":1}\n${good}`, InputError, /line 1: payload/);
  const other = await importPrivateKey(await newPrivateKey(), "other");
  const foreign = await writeReceipt(report(), other);
  await refused(`${good}${foreign}`, MismatchError, /no signature of the key SHA256:/);
  const [counts] = statements({ finishedOn: "2026-01-01T00:00:00.000Z", report: report() });
  const note = { ...counts, predicateType: "urn:note", predicate: {} };
  const signed = JSON.stringify(await sign(PAYLOAD_TYPE, canonicalForm(note), key));
  await refused(`${good}${signed}`, InputError, /line 3 is no part .* its statement is urn:note/);
});

test("counts of a queue's workers pass by nobody's word but theirs, who are named", async () => {
  const by = { ...report(), workers: ["one", "two\n"] };
  const receipt = await readReceipt(await writeReceipt(by, key), verifying);
  assert.is(receipt.testResult.result, "WARNED");
  assert.equal(receipt.testResult.warnedTests, ["run by 2 workers of a queue, by their word"]);
  assert.match(
    receiptLines(receipt, key.keyid)[3] ?? "",
    /^ran: native \(onnxruntime-node 1\.30\.0\) by 2 workers of a queue, whom the signer trusts: one, two\S+$/,
  );
});

test("a receipt tells each claim, its verdict, nets, shards, seed, runtime and server", async () => {
  const told = async (of: Report) =>
    receiptLines(await readReceipt(await writeReceipt(of, key), verifying), key.keyid).slice(1);
  assert.equal(await told(report()), [
    "claim table-1: reproduced",
    `checkpoint mlp-1x512.true: match; train 1 of 1 shards, test 0 of 1 shards; model.onnx ${"a".repeat(64)}`,
    "ran: native (onnxruntime-node 1.30.0) where it was signed",
    "of each net: shards drawn by seed 7; counted: all published predictions",
  ]);
  const remote = { ...report(), server: "http://other", counted: false };
  remote.sampling = { shards: "all", seed: 0 };
  remote.verdicts[0] = {
    ...(remote.verdicts[0] as Report["verdicts"][0]),
    status: "not-evaluated",
    reason: "x was not evaluated",
  };
  const lines = await told({ ...remote, passed: false });
  assert.is(lines[0], "claim table-1: not evaluated: x was not evaluated");
  assert.equal(lines.slice(2), [
    "ran: native (onnxruntime-node 1.30.0) at http://other, by its word",
    "of each net: every shard; counted: no published prediction beyond those",
  ]);
});

test("a key's id is the fingerprint that OpenSSH prints", async () => {
  // ssh-keygen -i -m PKCS8 -f key.pem | ssh-keygen -l -f -
  const pem = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEBigpx9DBYYfivDTLipT1zJireLF/
uGDAYnzw65hzfrAoMdkrsWWDmKZ84hGYA6r+xGv+ghyEsjA4kBG7VjSeJw==
-----END PUBLIC KEY-----`;
  const { keyid } = await importPublicKey(`\uFEFF${pem}`, "key.pem");
  assert.is(keyid, "SHA256:hhtyPmgQaBdQAdSqPWg2N9qKG4jARkUGNDELpj551Sk");
});

test("keys of another kind are refused by name", async () => {
  const { subtle } = crypto;
  const p384 = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, true, [
    "sign",
    "verify",
  ]);
  const pem = (label: string, der: ArrayBuffer) =>
    `-----BEGIN ${label}-----\n${toBase64(new Uint8Array(der))}\n-----END ${label}-----\n`;
  const spki = pem("PUBLIC KEY", await subtle.exportKey("spki", p384.publicKey));
  const pkcs8 = pem("PRIVATE KEY", await subtle.exportKey("pkcs8", p384.privateKey));
  const ours = await newPrivateKey();
  const cases: [() => Promise<unknown>, RegExp][] = [
    [
      () => importPublicKey(spki, "k.pem"),
      /k\.pem must hold an ECDSA P-256 public key.*another kind/,
    ],
    [
      () => importPrivateKey(pkcs8, "k.pem"),
      /k\.pem must hold an ECDSA P-256 private key.*another kind/,
    ],
    [() => importPublicKey(ours, "k.pem"), /it holds a PRIVATE KEY/],
    [() => importPrivateKey(key.publicPem, "k.pem"), /it holds a PUBLIC KEY/],
    [() => importPublicKey("ssh-rsa AAAA", "k.pem"), /it is not PEM/],
    [() => importPublicKey(key.publicPem.replace(/[A-Z]{3}/g, "%%%"), "k.pem"), /it is not/],
  ];
  for (const [importing, line] of cases) {
    await importing().then(
      () => assert.unreachable(),
      (error) => {
        assert.match(error.message, line);
        assert.instance(error, InputError);
      },
    );
  }
});

test.run();
