/** User and password of an address are said to who is asked there, and told to nobody else. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ask, connect } from "../../src/client/evaluations.ts";
import { nameOf, readAddress } from "../../src/datasets/address.ts";
import { CIFAR10_FILES } from "../../src/datasets/cifar10.ts";
import { originStorage } from "../../src/datasets/origin.ts";
import { unpackMissing } from "../../src/local/archive.ts";
import { openModelSource } from "../../src/local/model-source.ts";
import { refusal } from "../refusal.ts";

const sha256 = "0".repeat(64);

test("an address is read, and named without what is secret", () => {
  const { url, headers, at } = readAddress("https://jo%C3%A9:p%40%zz@example.org/nets?key=1");
  assert.is(url.href, "https://example.org/nets?key=1");
  assert.is(atob(headers.Authorization?.slice("Basic ".length) ?? ""), "jo\xc3\xa9:p@%zz");
  assert.is(at("models/a.onnx").href, "https://example.org/nets/models/a.onnx");
  assert.equal(readAddress("http://localhost:8000").headers, {});
  assert.is(nameOf("redis://:s3cret@localhost:6379/2"), "redis://localhost:6379/2");
  assert.is(nameOf("https://user:s3cret@:nowhere?key=1"), "https://:nowhere");
  assert.is(nameOf("folder/a@b?.zip"), "folder/a@b?.zip");
});

test("whatever asks at an address says who asks, and no message does", async () => {
  const said: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    said.push(request.headers.authorization);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const address = `http://user:s3cret@127.0.0.1:${port}/`;
  const part = join(tmpdir(), "rethink-none");
  const question = { checkpoint: "a", sha256, split: "test", runtime: "wasm", start: 0, end: 1 };
  const told = [
    await refusal(originStorage(address).read("file")),
    await refusal(ask(connect(new URL(address)), question as Parameters<typeof ask>[1])),
    await refusal(unpackMissing(CIFAR10_FILES, address, tmpdir())),
    `${await (await openModelSource(address))({ id: "a", sha256, bytes: 1 }, part, () => {})}`,
  ];
  server.close();
  assert.equal(new Set(said), new Set(["Basic dXNlcjpzM2NyZXQ="]));
  assert.is(told[2], `http://127.0.0.1:${port}/ is answered with 404`);
  assert.not.match(told.join(), /user|s3cret/);
});

test.run();
