/** Receipts over HTTP, checked with the key that the server publishes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sha256Hex } from "../../../src/datasets/digest.ts";
import { project } from "../../../src/local/project.ts";
import { importPrivateKey, importPublicKey, newPrivateKey } from "../../../src/receipts/keys.ts";
import { BUNDLE_TYPE, readReceipt } from "../../../src/receipts/receipt.ts";
import { openService } from "../service.ts";

const signingKey = await importPrivateKey(await newPrivateKey(), "key");
const { app, service } = openService({ signingKey });
const headers = { Accept: BUNDLE_TYPE };
const address = "/v1/claims/theorem-1/verification?shards=1&seed=3";

test("a verification is had as a receipt that the published key checks", async () => {
  const pem = await app.request("/.well-known/rethink-receipts.pem");
  assert.is(pem.status, 200);
  assert.match(pem.headers.get("ETag") ?? "", /^"sha256-/);
  const key = await importPublicKey(await pem.text(), "key");
  const response = await app.request(address, { headers });
  assert.is(response.status, 200);
  assert.is(response.headers.get("Content-Type"), BUNDLE_TYPE);
  assert.is(response.headers.get("Cache-Control"), "no-store");
  const { counts, testResult } = await readReceipt(await response.text(), key);
  assert.is(testResult.result, "PASSED");
  assert.ok(testResult.passedTests.includes("claim theorem-1"));
  const id = "theorem1.random-labels";
  const [model, history, fixture] = await Promise.all(
    [`models/${id}/model.onnx`, `models/${id}/history.json`, `fixtures/${id}.json`].map(
      async (path) => await sha256Hex(await project.read(path)),
    ),
  );
  assert.equal(counts.report.checkpoints[0]?.sha256, { model, history, fixture });
  const plain = await (await app.request(address)).json();
  assert.equal(JSON.parse(JSON.stringify(counts.report)), plain.report);
});

test("HEAD computes nothing and says what GET would be, in each media type", async () => {
  const { run } = service.limiter;
  let asked = 0;
  service.limiter.run = (...task) => {
    asked++;
    return run(...task);
  };
  for (const type of ["application/json", "text/event-stream", BUNDLE_TYPE]) {
    const response = await app.request(address, { method: "HEAD", headers: { Accept: type } });
    assert.is(response.status, 200, type);
    assert.is(response.headers.get("Content-Type"), type);
    assert.is(response.headers.get("Vary"), "Accept");
    assert.is(await response.text(), "");
  }
  service.limiter.run = run;
  assert.is(asked, 0);
});

test("a server without a key refuses before it computes", async () => {
  const { app: keyless } = openService();
  const response = await keyless.request(address, { headers });
  assert.is(response.status, 406);
  assert.is((await response.json()).type, "/problems/no-receipts");
  for (const [accept, type] of [
    [`${BUNDLE_TYPE}, application/json;q=0.5`, "application/json"],
    [`${BUNDLE_TYPE}, text/event-stream;q=0.2, application/json;q=0.1`, "text/event-stream"],
    [`${BUNDLE_TYPE}, */*;q=0.1`, "application/json"],
    [`${BUNDLE_TYPE}, application/json;q=0`, "application/problem+json"],
  ] as const) {
    const instead = await keyless.request(address, { method: "HEAD", headers: { Accept: accept } });
    assert.is(instead.headers.get("Content-Type"), type, accept);
  }
  assert.is((await keyless.request("/.well-known/rethink-receipts.pem")).status, 406);
});

test("a claim of which nothing is published gets no receipt", async () => {
  const response = await app.request("/v1/claims/figure-2a/verification", { headers });
  assert.is(response.status, 409);
  assert.is((await response.json()).type, "/problems/nothing-to-sign");
});

test.run();
