/** Who gives more than the model that is asked for is read no further, whatever place it is. */

import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { pack } from "tar-stream";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { MismatchError } from "../../src/datasets/storage.ts";
import { openModelSource } from "../../src/local/model-source.ts";

const WANTED = { id: "theorem1.random-labels", sha256: "0".repeat(64), bytes: 1000 };
const PATH = `models/${WANTED.id}/model.onnx`;
const LARGE = new Uint8Array(2 ** 26);

const test = suite("model source", { folder: "" });
test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "rethink-"));
});
test.after.each(({ folder }) => rm(folder, { recursive: true }));

async function refused(source: string, folder: string) {
  const part = join(folder, "part");
  const error = await (await openModelSource(source))(WANTED, part, () => {}).catch((e) => e);
  assert.instance(error, MismatchError, `${error}`);
  assert.match(error.message, /has more than the published 1000 bytes$/);
  assert.ok(((await stat(part).catch(() => undefined))?.size ?? 0) <= WANTED.bytes);
}

test("a folder", async ({ folder }) => {
  await mkdir(join(folder, "models", WANTED.id), { recursive: true });
  await writeFile(join(folder, PATH), LARGE);
  await refused(folder, folder);
});

test("a small archive of something large", async ({ folder }) => {
  await writeFile(join(folder, "models.zip"), zipSync({ [PATH]: LARGE }));
  await refused(join(folder, "models.zip"), folder);
  const tar = pack();
  tar.entry({ name: PATH, size: LARGE.length }, Buffer.from(LARGE));
  tar.finalize();
  await writeFile(join(folder, "models.tar.gz"), gzipSync(await buffer(tar)));
  await refused(join(folder, "models.tar.gz"), folder);
});

test("a server that sends without end", async ({ folder }) => {
  const server = createServer((request, response) => {
    const timer = setInterval(() => response.write(new Uint8Array(600)), 5);
    request.on("close", () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await refused(`http://127.0.0.1:${port}`, folder);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test.run();
