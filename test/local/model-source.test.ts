/** Who gives more than the model that is asked for is read no further, whatever place it is. */

import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { pack } from "tar-stream";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { sha256Hex } from "../../src/datasets/digest.ts";
import { InputError, MismatchError } from "../../src/datasets/storage.ts";
import { fetchModel } from "../../src/local/fetch-model.ts";
import { openModelSource } from "../../src/local/model-source.ts";
import { unzipped } from "../../src/npm/untar.ts";
import { refusal } from "../refusal.ts";

const WANTED = { id: "theorem1.random-labels", sha256: "0".repeat(64), bytes: 1000 };
const PATH = `models/${WANTED.id}/model.onnx`;
const LARGE = new Uint8Array(2 ** 26);

const test = suite("model source", { folder: "" });
test.before.each(async (context) => {
  context.folder = await mkdtemp(join(tmpdir(), "rethink-"));
});
test.after.each(({ folder }) => rm(folder, { recursive: true }));

async function bring(source: string, folder: string, wanted = WANTED) {
  return await (await openModelSource(source))(wanted, join(folder, "part"), () => {});
}

async function refused(
  source: string,
  folder: string,
  Kind: new (message: string) => Error = MismatchError,
) {
  const error = await bring(source, folder).catch((e) => e);
  assert.instance(error, Kind, `${error}`);
  assert.match(error.message, /has more than the published 1000 bytes\)?$/);
  const part = await stat(join(folder, "part")).catch(() => undefined);
  assert.ok((part?.size ?? 0) <= WANTED.bytes);
}

/** What a server is asked for while some work is done. */
async function served<T>(listener: RequestListener, work: (origin: string) => Promise<T>) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("a file that cannot be read is named, and not the cache", async ({ folder }) => {
  await mkdir(join(folder, "models", WANTED.id), { recursive: true });
  const file = join(folder, PATH);
  await symlink("/proc/self/mem", file); // whose first byte cannot be read
  if (!(await stat(file).catch(() => undefined))?.isFile()) return; // no Linux
  const message = await refusal(fetchModel(WANTED, folder, join(folder, "cache/x.onnx")));
  assert.match(message, `cannot read ${file} (EIO)`);
});

test("gzip is known by two bytes, however they come", async () => {
  const bytes = gzipSync("unpacked");
  const parts = [bytes.subarray(0, 1), bytes.subarray(1)];
  assert.is(`${await buffer(unzipped(parts))}`, "unpacked");
  assert.is(`${await buffer(unzipped([Buffer.from("x")]))}`, "x");
  assert.is((await buffer(unzipped([]))).length, 0);
});

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
  const endless: RequestListener = (request, response) => {
    const timer = setInterval(() => response.write(new Uint8Array(600)), 5);
    request.on("close", () => clearInterval(timer));
  };
  await served(endless, (origin) => refused(origin, folder, InputError));
});

test("a host that forbids what it lacks, or gives a page for it, is asked on", async ({
  folder,
}) => {
  const model = new Uint8Array(WANTED.bytes).fill(7);
  for (const [status, page] of [
    [403, "<p>AccessDenied"],
    [200, "<p>Not here"],
  ] as const) {
    const host: RequestListener = ({ url }, response) => {
      if (url === `/${WANTED.sha256}.onnx`) response.end(model);
      else response.writeHead(status).end(page);
    };
    await served(host, async (origin) => {
      assert.ok(await bring(origin, folder));
      assert.equal(new Uint8Array(await readFile(join(folder, "part"))), model);
      const other = { ...WANTED, sha256: "1".repeat(64) };
      const why = status === 403 ? "403" : "it has 11 of the published 1000 bytes";
      assert.is(
        await refusal(bring(origin, folder, other)),
        `${origin}/${PATH} does not give the model (${why})`,
      );
    });
  }
});

/** Answers a request as a host that knows ranges does. */
function ranged(model: Uint8Array, asked: string[] = []): RequestListener {
  return ({ headers: { range = "" } }, response) => {
    asked.push(range);
    const from = Number(/^bytes=(\d+)-$/.exec(range)?.[1] ?? 0);
    const end = model.length - 1;
    if (range) response.writeHead(206, { "Content-Range": `bytes ${from}-${end}/${end + 1}` });
    response.end(model.subarray(from));
  };
}

test("what one source left is gone on with, and no fault of the next one", async ({ folder }) => {
  const model = new Uint8Array(WANTED.bytes).fill(7);
  const wanted = { ...WANTED, sha256: await sha256Hex(model) };
  const path = join(folder, "model.onnx");
  const left = `${path}.${crypto.randomUUID()}.part`; // nobody's of here
  const anHourAgo = new Date(Date.now() - 2 * 3_600_000);
  for (const [byte, ranges] of [
    [7, ["bytes=600-"]],
    [65, ["bytes=600-", ""]],
  ] as const) {
    await writeFile(left, new Uint8Array(600).fill(byte));
    await utimes(left, anHourAgo, anHourAgo);
    const asked: string[] = [];
    await served(ranged(model, asked), (origin) => fetchModel(wanted, origin, path));
    assert.equal(new Uint8Array(await readFile(path)), model);
    assert.equal(asked, ranges);
  }
  await writeFile(left, new Uint8Array(600).fill(7));
  await utimes(left, anHourAgo, anHourAgo);
  const other = ranged(new Uint8Array(WANTED.bytes).fill(8));
  const error = await served(other, (origin) => fetchModel(wanted, origin, path).catch((e) => e));
  assert.instance(error, MismatchError);
  assert.match(error.message, /has SHA-256 [0-9a-f]{64}, not the published/);
  assert.equal(await readdir(folder), ["model.onnx"]);
});

test.run();
