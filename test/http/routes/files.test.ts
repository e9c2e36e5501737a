/** The files of a checkpoint, and the archive that an auditor takes home. */
import { unzipSync } from "fflate";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { project } from "../../../src/local/project.ts";
import { sha256Hex } from "../../../src/datasets/digest.ts";
import type { Storage } from "../../../src/datasets/storage.ts";
import { readCheckpoint } from "../../../src/evaluation/published.ts";
import { openService } from "../service.ts";

const id = "theorem1.random-labels";
const { app } = openService();

async function bytesOf(response: Response) {
  return new Uint8Array(await response.arrayBuffer());
}

const get = (path: string, headers: Record<string, string> = {}, by = app) =>
  by.request(`/v1/checkpoints/${id}/${path}`, { headers });

/** The project with one file that another byte was written to. */
function changed(path: string): Storage {
  return {
    ...project,
    version: async () => undefined,
    async read(of, ...range) {
      const bytes = await project.read(of, ...range);
      if (of === path) bytes[0] = (bytes[0] as number) ^ 1;
      return bytes;
    },
  };
}

test("each file is what is published, under the tag of its digest", async () => {
  const files = {
    "history.json": `models/${id}/history.json`,
    "checkpoint.json": `models/${id}/checkpoint.json`,
    "fixture.json": `fixtures/${id}.json`,
    "predictions/train": `fixtures/predictions/${id}.train.bin`,
    "predictions/test": `fixtures/predictions/${id}.test.bin`,
  };
  for (const [name, path] of Object.entries(files)) {
    const response = await get(name);
    const bytes = await bytesOf(response);
    assert.equal(bytes, await project.read(path), name);
    assert.is(response.headers.get("ETag"), `"sha256-${await sha256Hex(bytes)}"`);
  }
});

test("the archive holds the repository's files and how to audit them", async () => {
  const response = await get("archive.zip");
  assert.is(response.headers.get("Content-Type"), "application/zip");
  const files = unzipSync(await bytesOf(response));
  const wanted = [
    "CITATION.cff",
    "LICENSE",
    "TERMS.md",
    "fixtures/README.md",
    "fixtures/claims.json",
    "fixtures/gaussian-thresholds.json",
    "fixtures/test-labels.json",
    "fixtures/paper.json",
    `fixtures/${id}.json`,
    `fixtures/predictions/${id}.test.bin`,
    `fixtures/predictions/${id}.train.bin`,
    `models/${id}/README.md`,
    `models/${id}/checkpoint.json`,
    `models/${id}/history.json`,
    `models/${id}/model.onnx`,
    "scripts/audit.py",
    "scripts/decide.py",
  ];
  for (const path of wanted) {
    assert.equal(new Uint8Array(files[`${id}/${path}`] ?? []), await project.read(path), path);
  }
  assert.is(Object.keys(files).length, wanted.length + 1);
  const readme = new TextDecoder().decode(files[`${id}/README.md`]);
  assert.match(readme, /train 50000\/50000 .* test 992\/10000/);
  assert.ok(
    readme.includes(`python3 scripts/audit.py models/${id}/model.onnx fixtures/${id}.json`),
  );
});

test("the archive's bytes are the same each time, and a range is a part of them", async () => {
  const first = await get("archive.zip");
  const bytes = await bytesOf(first);
  const etag = first.headers.get("ETag") as string;
  const again = await get("archive.zip", {}, openService({ disk: false }).app);
  assert.is(again.headers.get("ETag"), etag);
  assert.equal(await bytesOf(again), bytes); // whole, from memory
  assert.is(`"sha256-${await sha256Hex(bytes)}"`, etag);
  const most = await get("archive.zip", { Range: "bytes=31-" });
  assert.equal(await bytesOf(most), bytes.slice(31));
  const part = await get("archive.zip", { Range: "bytes=1000-1999", "If-Range": etag });
  assert.is(part.status, 206);
  assert.equal(await bytesOf(part), bytes.slice(1000, 2000));
  assert.is((await get("archive.zip", { "If-None-Match": etag })).status, 304);
  assert.is((await get("archive.zip", { Range: `bytes=${bytes.length}-` })).status, 416);
});

test("an archive whose file changes while it is sent breaks off, and the log has why", async () => {
  let changes = false;
  const path = `fixtures/predictions/${id}.test.bin`;
  const later: Storage = {
    ...project,
    read: (of, ...range) => (changes ? changed(path) : project).read(of, ...range),
  };
  const { app: other, records } = openService({ project: later });
  const response = await get("archive.zip", {}, other);
  changes = true;
  const broken = await bytesOf(response).catch((error: Error) => error.stack);
  assert.is(broken, "an answer broke off; the log has why"); // platforms print it
  const logged = records.find(({ level }) => level === "error");
  assert.is(logged?.requestId, response.headers.get("X-Request-Id"));
  assert.is(logged?.problem, "published-mismatch");
  assert.match(`${logged?.error}`, /^MismatchError: a file changed while it was being sent\n/);
});

test("a changed file is never given out", async () => {
  const path = `fixtures/predictions/${id}.test.bin`;
  const { app: other } = openService({ project: changed(path) });
  for (const name of ["predictions/test", "archive.zip"]) {
    const response = await get(name, {}, other);
    assert.is(response.status, 500, name);
    assert.is((await response.json()).type, "/problems/published-mismatch");
  }
});

test("a fixture of another model is never given out", async () => {
  const { sha256 } = await readCheckpoint(project, id).then(({ model }) => model);
  const mixed: Storage = {
    ...project,
    async read(of, ...range) {
      const bytes = await project.read(of, ...range);
      if (of !== `fixtures/${id}.json`) return bytes;
      const text = new TextDecoder().decode(bytes).replace(sha256, "0".repeat(64));
      return new TextEncoder().encode(text);
    },
  };
  const { app: other } = openService({ project: mixed });
  for (const name of ["", "/fixture.json", "/predictions/test", "/archive.zip"]) {
    const response = await other.request(`/v1/checkpoints/${id}${name}`);
    assert.is(response.status, 500, name);
    assert.match((await response.json()).detail, /is of another model\.onnx/);
  }
});

test("unknown ids and splits are problems", async () => {
  assert.is((await app.request("/v1/checkpoints/nothing/archive.zip")).status, 404);
  assert.is((await get("predictions/validation")).status, 400);
  assert.is((await app.request("/v1/checkpoints/..%2f..%2fetc/history.json")).status, 404);
});

test.run();
