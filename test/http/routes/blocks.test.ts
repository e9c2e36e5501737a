/** A dataset's bytes in blocks, and the labels of a view. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sha256Hex } from "../../../src/datasets/digest.ts";
import { openService } from "../service.ts";

const { app } = openService();

test("a block is what its address says, whole and in ranges", async () => {
  const { files } = await (await app.request("/v1/datasets/cifar10/blocks")).json();
  const test = files.find((file: { name: string }) => file.name === "test_batch.bin");
  assert.is(test.blocks.length * 1000, test.records);
  const path = `/v1/datasets/cifar10/blocks/${test.blocks[0]}`;
  const whole = await app.request(path);
  const bytes = new Uint8Array(await whole.arrayBuffer());
  assert.is(await sha256Hex(bytes), test.blocks[0]);
  assert.match(whole.headers.get("Cache-Control") ?? "", "immutable");
  assert.is(whole.headers.get("ETag"), `"sha256-${test.blocks[0]}"`);
  const part = await app.request(path, { headers: { Range: "bytes=3073-6145" } });
  assert.is(part.status, 206);
  assert.equal(new Uint8Array(await part.arrayBuffer()), bytes.slice(3073, 6146));
  assert.is(part.headers.get("Repr-Digest"), whole.headers.get("Repr-Digest"));
});

test("a block that there is not, or of no dataset, is refused", async () => {
  const none = "0".repeat(64);
  assert.is((await app.request(`/v1/datasets/cifar10/blocks/${none}`)).status, 404);
  assert.is((await app.request("/v1/datasets/imagenet/blocks")).status, 400);
});

test("labels are a byte an example: those that the net was trained on", async () => {
  const of = async (id: string, split: string) => {
    const response = await app.request(`/v1/checkpoints/${id}/labels/${split}`);
    assert.is(response.status, 200);
    return new Uint8Array(await response.arrayBuffer());
  };
  const [given, truth] = [
    await of("mlp-1x512.random-labels", "train"),
    await of("mlp-1x512.true", "train"),
  ];
  assert.is(given.length, 50_000);
  const equal = given.filter((label, i) => label === truth[i]).length;
  assert.ok(4500 < equal && equal < 5500); // a tenth of 50,000, by chance
  assert.equal(await of("mlp-1x512.random-labels", "test"), await of("mlp-1x512.true", "test"));
});

test.run();
