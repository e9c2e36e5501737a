/** The media type of a verification is what the client wants most (RFC 9110, section 12.5.1). */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BUNDLE_TYPE } from "../../../src/receipts/receipt.ts";
import { importPrivateKey, newPrivateKey } from "../../../src/receipts/keys.ts";
import { openService } from "../service.ts";

const JSON_TYPE = "application/json";
const STREAM = "text/event-stream";
const signingKey = await importPrivateKey(await newPrivateKey(), "key");
const { app } = openService({ signingKey });

/** The media type of the answer, by HEAD, which computes nothing. */
async function typeFor(accept: string) {
  const response = await app.request("/v1/claims/theorem-1/verification?seed=1", {
    method: "HEAD",
    headers: { Accept: accept },
  });
  assert.is(response.status, 200, accept);
  return response.headers.get("Content-Type");
}

test("the highest weight wins, and the most specific range gives a type's weight", async () => {
  for (const [accept, type] of [
    ["", JSON_TYPE],
    ["*/*", JSON_TYPE],
    [STREAM, STREAM],
    ["Text/Event-Stream", STREAM],
    ["text/*", STREAM],
    ["*/*, text/event-stream;q=0.5", JSON_TYPE],
    ["text/event-stream;q=0.5, application/json;q=0.4", STREAM],
    ["*/*;q=0.9, application/*;q=0.1", STREAM],
    ["application/json;q=0, */*;q=0.1", STREAM],
    ["application/json;q=0, text/*;q=0, */*;q=0.1", BUNDLE_TYPE],
  ] as const) {
    assert.is(await typeFor(accept), type, accept);
  }
});

test("of equal weights the more specific wins, then what the server has first", async () => {
  for (const [accept, type] of [
    ["text/event-stream, */*", STREAM],
    ["*/*, text/event-stream", STREAM],
    ["text/*, */*", STREAM],
    [`${BUNDLE_TYPE}, text/*`, BUNDLE_TYPE],
    [`${BUNDLE_TYPE}, text/event-stream, application/json`, JSON_TYPE],
    ["application/*", JSON_TYPE],
  ] as const) {
    assert.is(await typeFor(accept), type, accept);
  }
});

test("where nothing is acceptable the answer is JSON, as if nothing had been asked", async () => {
  for (const accept of ["text/html", "*/*;q=0"]) {
    assert.is(await typeFor(accept), JSON_TYPE, accept);
  }
});

test.run();
