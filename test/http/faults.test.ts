/** What breaks while the endpoint serves: a clear problem, no path of the server, and it goes on. */
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { folderStorage } from "../../src/local/folder.ts";
import { MismatchError, type Storage } from "../../src/datasets/storage.ts";
import { gapOf } from "../../src/evaluation/fixture.ts";
import { readPack } from "../../src/verification/pack.ts";
import { openService } from "./service.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const id = "theorem1.random-labels";
const evaluation = `/v1/checkpoints/${id}/evaluations/test?start=0&end=20`;
const verification = "/v1/claims/theorem-1/verification?shards=1&seed=3";

type App = ReturnType<typeof openService>["app"];

const test = suite("faults", { home: "" });
test.before.each((context) => {
  context.home = mkdtempSync(join(tmpdir(), "rethink-"));
  for (const path of [`models/${id}`, `fixtures/${id}.json`, "fixtures/predictions"]) {
    cpSync(join(root, path), join(context.home, path), { recursive: true });
  }
});
test.after.each((context) => rmSync(context.home, { recursive: true }));

/** The problem that answers, of which no word may tell where the server's files lie. */
async function problemOf(app: App, path: string, home: string) {
  const response = await app.request(path);
  const text = await response.text();
  assert.not.match(text, new RegExp(`${home}|${root}`));
  return { status: response.status, ...JSON.parse(text) };
}

async function alive(app: App) {
  assert.is((await app.request("/livez")).status, 200);
}

async function until(holds: () => boolean) {
  for (let k = 0; k < 200 && !holds(); k++) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(holds());
}

test("a history that is not the published one is served nowhere", async ({ home }) => {
  const { app } = openService({ project: folderStorage(home) });
  writeFileSync(join(home, "models", id, "history.json"), "[]");
  for (const file of ["history.json", "archive.zip"]) {
    const problem = await problemOf(app, `/v1/checkpoints/${id}/${file}`, home);
    assert.is(problem.type, "/problems/published-mismatch");
    assert.match(problem.detail, /history\.json has SHA-256 .* not the published/);
  }
});

test("an archive has the claims file of its pack as it is now", async ({ home }) => {
  const rules = [{ kind: "weights", checkpoints: [id], equals: 103_072 }];
  const text = JSON.stringify({ claims: [{ id: "weights", statement: "2n + d weights", rules }] });
  writeFileSync(join(home, "claims.json"), text);
  const { app } = openService({ project: await readPack(folderStorage(home)) });
  for (const now of [text, ` ${text}`]) {
    writeFileSync(join(home, "claims.json"), now);
    const response = await app.request("/v1/claims/weights/archive.zip");
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
    assert.is(new TextDecoder().decode(files["weights/claims.json"]), now);
  }
});

test("a verification's tag changes with every file that decides it", async ({ home }) => {
  const { app } = openService({ project: folderStorage(home) });
  const tag = async () => {
    const response = await app.request(verification, { method: "HEAD" });
    return response.headers.get("ETag");
  };
  const tags = [await tag()];
  for (const path of [
    `models/${id}/checkpoint.json`,
    `models/${id}/history.json`,
    `fixtures/${id}.json`,
  ]) {
    appendFileSync(join(home, path), " ");
    tags.push(await tag());
  }
  assert.is(new Set(tags).size, 4);
  assert.ok(tags.every((one) => one?.startsWith('"sha256-')));
});

test("a recipe that is not published here says so", async ({ home }) => {
  const { app } = openService({ project: folderStorage(home) });
  const problem = await problemOf(app, "/v1/checkpoints/mlp-1x512.true", home);
  assert.is(problem.type, "/problems/unknown-id");
  assert.is(problem.detail, "mlp-1x512.true has a recipe, but is not published here");
});

test("a model file changed while serving is a mismatch, and served again once restored", async ({
  home,
}) => {
  const { app } = openService({ project: folderStorage(home) });
  const download = `/v1/checkpoints/${id}/model.onnx`;
  const path = join(home, "models", id, "model.onnx");
  const good = readFileSync(path);
  for (const address of [download, evaluation]) {
    assert.is((await app.request(address)).status, 200);
  }
  const bad = Uint8Array.from(good);
  bad[5000] = (bad[5000] as number) ^ 1;
  writeFileSync(path, bad);
  const another = evaluation.replace("end=20", "end=21");
  for (const address of [download, another, verification]) {
    const problem = await problemOf(app, address, home);
    assert.is(problem.status, 500, address);
    assert.is(problem.type, "/problems/published-mismatch");
    assert.match(problem.detail, /model\.onnx has SHA-256 .* not the published/);
  }
  const stream = await app.request(verification, { headers: { Accept: "text/event-stream" } });
  assert.match(
    await stream.text(),
    /^: .*\n\nevent: problem\ndata: .*published-mismatch.*\nid: done\n\n$/,
  );
  await alive(app);
  writeFileSync(path, good);
  assert.is((await app.request(download)).status, 200);
});

test("a fixture that contradicts itself is a mismatch", async ({ home }) => {
  const { app } = openService({ project: folderStorage(home) });
  const path = join(home, `fixtures/${id}.json`);
  writeFileSync(path, readFileSync(path, "utf8").replace('"correct": 50000', '"correct": 49999'));
  const problem = await problemOf(app, `/v1/checkpoints/${id}`, home);
  assert.is(problem.type, "/problems/published-mismatch");
});

test("a prediction file cut short is a mismatch", async ({ home }) => {
  const { app } = openService({ project: folderStorage(home) });
  truncateSync(join(home, `fixtures/predictions/${id}.test.bin`), 9_000);
  const problem = await problemOf(app, verification, home);
  assert.is(problem.type, "/problems/published-mismatch");
});

test("a model that is fetched and is another says which, and the log alone from where", async ({
  home,
}) => {
  const folder = folderStorage(home);
  const said = `the model of ${id} at ${home}/private has SHA-256 0, not the published 1`;
  const project: Storage = {
    ...folder,
    async read(path, start, end) {
      if (path.endsWith(".onnx")) throw new MismatchError(said);
      return await folder.read(path, start, end);
    },
  };
  const { app, records } = openService({ project });
  for (const path of [`/v1/checkpoints/${id}/model.onnx`, evaluation, verification]) {
    const problem = await problemOf(app, path, home);
    assert.is(problem.type, "/problems/published-mismatch", path);
    assert.is(problem.status, 500);
    assert.is(problem.detail, `models/${id}/model.onnx is not the published file`);
    const { cause } = records.find(({ requestId }) => requestId === problem.requestId) ?? {};
    assert.match(`${cause}`, said);
  }
});

test("a fixture that cannot be read says which, and not where", async ({ home }) => {
  const { app, records } = openService({ project: folderStorage(home, `look into ${home}`) });
  rmSync(join(home, `fixtures/${id}.json`));
  const problem = await problemOf(app, verification, home);
  assert.is(problem.status, 503);
  assert.is(problem.detail, `fixtures/${id}.json cannot be read`);
  const logged = records.find((record) => record.level === "error");
  assert.is(logged?.requestId, problem.requestId);
  assert.match(String(logged?.cause), /ENOENT/);
});

test("a checkpoint that has lost checkpoint.json is missed, and is not left out", async ({
  home,
}) => {
  const { app } = openService({ project: folderStorage(home) });
  const { checkpoints: before } = await (await app.request("/v1/claims/theorem-1")).json();
  assert.equal(before, [{ id, published: true }]);
  rmSync(join(home, "models", id, "checkpoint.json"));
  for (const path of [
    verification,
    verification.replace("&seed=3", ""),
    "/v1/claims/theorem-1/archive.zip",
  ]) {
    const problem = await problemOf(app, path, home);
    assert.is(problem.status, 503, path);
    assert.is(problem.detail, `models/${id}/checkpoint.json cannot be read`);
  }
  const { checkpoints } = await (await app.request("/v1/claims/theorem-1")).json();
  assert.equal(checkpoints, [{ id, published: false }]);
  // Whatever lists or shows the others goes on.
  assert.equal((await (await app.request("/v1/checkpoints")).json()).checkpoints, []);
  assert.is((await app.request(`/v1/checkpoints/${id}`)).status, 404);
  for (const path of ["/claims", "/claims/theorem-1", "/checkpoints", "/v1/claims"]) {
    const page = await app.request(path, { headers: { Accept: "text/html" } });
    assert.is(page.status, 200, path);
    await page.text();
  }
});

test("one of a further seed that has lost its own is missed, too", async ({ home }) => {
  const seed0 = "mlp-3x512.true";
  const seed1 = `${seed0}.seed-1`;
  for (const one of [seed0, seed1]) {
    cpSync(join(root, `models/${one}`), join(home, `models/${one}`), { recursive: true });
    cpSync(join(root, `fixtures/${one}.json`), join(home, `fixtures/${one}.json`));
  }
  rmSync(join(home, "fixtures/predictions"), { recursive: true });
  rmSync(join(home, "models", seed1, "checkpoint.json"));
  const { app } = openService({ project: folderStorage(home) });
  const claim = "/v1/claims/table-1.mlp-3x512.true";
  assert.equal((await (await app.request(claim)).json()).checkpoints, [
    { id: seed0, published: true },
    { id: seed1, published: false },
  ]);
  for (const path of ["verification?full=true&seed=0", "archive.zip"]) {
    const problem = await problemOf(app, `${claim}/${path}`, home);
    assert.is(problem.status, 503, path);
    assert.is(problem.detail, `models/${seed1}/checkpoint.json cannot be read`);
  }
});

test("a dataset that is missing, cut short or changed is unavailable", async ({ home }) => {
  // Examples that no test has read: those found right stay in memory.
  const unread = evaluation.replace("test?start=0&end=20", "train?start=48000&end=48020");
  const { app: missing } = openService({ dataset: folderStorage(home, `delete ${home}`) });
  assert.is((await problemOf(missing, unread, home)).status, 503);
  assert.is((await problemOf(missing, "/readyz", home)).status, 503);
  await alive(missing);
  const { service } = openService();
  const changed: Storage = {
    ...service.dataset,
    async read(path, start, end) {
      const bytes = await service.dataset.read(path, start, end);
      bytes[9] = (bytes[9] as number) ^ 1;
      return bytes;
    },
  };
  const { app } = openService({ dataset: changed });
  const problem = await problemOf(app, unread, home);
  assert.is(problem.status, 503);
  assert.match(problem.detail, /data_batch_5\.bin: records 8000 to 9000 are not CIFAR-10's/);
  const { app: whole } = openService();
  assert.is((await whole.request(unread)).status, 200);
});

test("a client that leaves a stream, or gives up waiting, ends the work", async () => {
  const { app, service, records } = openService();
  const full = "/v1/claims/theorem-1/verification?full=true";
  const stream = await app.request(full, { headers: { Accept: "text/event-stream" } });
  const reader = stream.body?.getReader();
  await reader?.read(); // a comment, and then an event
  await reader?.read();
  assert.is(service.limiter.running(), 1);
  await reader?.cancel();
  await until(() => service.limiter.running() === 0);
  const client = new AbortController();
  const waiting = app.request(full, { signal: client.signal });
  await until(() => service.limiter.running() === 1);
  client.abort();
  await waiting;
  await until(() => service.limiter.running() === 0);
  assert.is(records.filter(({ event }) => event === "client gone").length, 2);
  assert.is(records.at(-1)?.status, 499);
});

test("a client that leaves while it sends is gone, not an error", async () => {
  const { app, service, records } = openService();
  const client = new AbortController();
  const body = new ReadableStream({
    pull(stream) {
      client.abort();
      stream.error(new Error("aborted"));
    },
  });
  const init = { method: "POST", body, duplex: "half", signal: client.signal };
  await app.request(`/v2/models/${id}/infer`, init as RequestInit);
  assert.equal(
    records.map(({ level, event, status }) => ({ level, event, status })),
    [
      { level: "info", event: "client gone", status: undefined },
      { level: "info", event: undefined, status: 499 },
    ],
  );
  const { text } = (await service.metrics?.page()) ?? { text: "" };
  assert.match(text, /_seconds_count\{method="POST",route="[^"]*infer",status="499"\} 1\n/);
});

test("a body that breaks is its client's fault", async () => {
  const { app, records } = openService();
  const body = new ReadableStream({ pull: (stream) => stream.error(new TypeError("bad chunk")) });
  const init = { method: "POST", body, duplex: "half" } as RequestInit;
  const answer = await app.request(`/v2/models/${id}/infer`, init);
  assert.is(answer.status, 400);
  assert.match((await answer.json()).detail, /^body: it ends early/);
  assert.not(records.some(({ level }) => level === "error"));
});

test("a method that nobody knows is no label of its own", async () => {
  const { app, service } = openService();
  for (const method of ["PURGE", "MINE-1"]) await app.request("/v1/claims", { method });
  const { text } = (await service.metrics?.page()) ?? { text: "" };
  assert.match(text, /_seconds_count\{method="other",[^}]*status="405"\} 2\n/);
  assert.not.match(text, /PURGE|MINE/);
});

test("work that takes too long ends with a problem", async () => {
  const { app, service } = openService({ limits: { running: 1, waiting: 0, seconds: 0.2 } });
  const response = await app.request("/v1/claims/theorem-1/verification?full=true");
  assert.is(response.status, 503);
  assert.is((await response.json()).type, "/problems/timed-out");
  await until(() => service.limiter.running() === 0);
});

test("who only waited for a turn is told that the server was busy", async () => {
  const { app, service } = openService({ limits: { running: 1, waiting: 1, seconds: 2 } });
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const running = service.limiter.run(new AbortController().signal, () => ended);
  const response = await app.request(evaluation);
  assert.is(response.status, 429);
  assert.is(response.headers.get("Retry-After"), "1");
  const problem = await response.json();
  assert.is(problem.type, "/problems/busy");
  assert.is(problem.detail, "its turn did not come within 2 s; ask again in a second");
  end();
  await running;
  assert.is((await app.request(evaluation)).status, 200);
});

test("a storage that never answers costs a client no more than the limit", async () => {
  const silent: Storage = { ...openService().service.dataset, read: () => new Promise(() => {}) };
  const { app, service } = openService({
    dataset: silent,
    limits: { running: 2, waiting: 0, seconds: 1 },
  });
  const unread = evaluation.replace("test?start=0&end=20", "train?start=46000&end=46020");
  const response = await app.request(unread);
  assert.is(response.status, 503);
  assert.is((await response.json()).type, "/problems/timed-out");
  assert.is(service.limiter.running(), 1); // it still reads
  const stream = await app.request("/v1/claims/theorem-1/verification?full=true", {
    headers: { Accept: "text/event-stream" },
  });
  assert.match(await stream.text(), /event: problem\ndata: .*timed-out/);
  assert.is(service.limiter.running(), 2);
});

test("a model that never comes holds no place of others", async () => {
  const { service: whole } = openService();
  const read: Storage["read"] = (path, ...range) =>
    path.endsWith(".onnx") ? new Promise(() => {}) : whole.project.read(path, ...range);
  const { app, service } = openService({
    project: { ...whole.project, read },
    limits: { running: 1, waiting: 0, seconds: 0.5 },
  });
  for (const address of [evaluation, verification]) {
    const response = await app.request(address);
    assert.is(response.status, 503);
    assert.is((await response.json()).type, "/problems/timed-out");
    await until(() => service.limiter.running() === 0);
  }
});

test("of 64 clients at once each gets the right answer or is asked to come again", async () => {
  const { app } = openService({ limits: { running: 2, waiting: 5, seconds: 60 } });
  const answers = await Promise.all(
    Array.from({ length: 64 }, async (_, k) => {
      const path = `/v1/checkpoints/${id}/evaluations/train?start=${k}&end=${k + 5}`;
      const response = await app.request(path);
      return { response, body: await response.json() };
    }),
  );
  const done = answers.filter(({ response }) => response.status === 200);
  // Two run and five wait; more than these only where one is done before the last has come.
  assert.ok(done.length >= 2 + 5 && done.length < 64, `${done.length} were answered`);
  for (const { body } of done) assert.is(body.correct, 5);
  for (const { response, body } of answers.filter((answer) => !done.includes(answer))) {
    assert.is(response.status, 429);
    assert.is(response.headers.get("Retry-After"), "1");
    assert.is(body.type, "/problems/busy");
  }
});

test("a failure that nobody foresaw tells the log, not the client", async ({ home }) => {
  const { service } = openService();
  const broken: Storage = {
    ...service.project,
    read: async () => {
      throw new TypeError(`${home} is on fire`);
    },
  };
  const { app, records } = openService({ project: broken });
  const problem = await problemOf(app, `/v1/checkpoints/${id}`, home);
  assert.is(problem.status, 500);
  assert.is(problem.type, "/problems/internal");
  assert.match(String(records.find(({ level }) => level === "error")?.error), /is on fire/);
});

test("a server that is closing is not ready", async () => {
  const { app, service } = openService();
  service.closing = true;
  const response = await app.request("/readyz");
  assert.is(response.status, 503);
  assert.is((await response.json()).type, "/problems/shutting-down");
});

// Last: it leaves what it read of the dataset in memory, where a broken one would not be missed.
test("a count that the published predictions disprove is found in a shard not drawn", async ({
  home,
}) => {
  const path = join(home, `fixtures/${id}.json`);
  const { splits, ...fixture } = JSON.parse(readFileSync(path, "utf8"));
  splits.test.correct++;
  splits.test.shards[2].correct++;
  const gap = gapOf(splits.train, splits.test);
  writeFileSync(path, JSON.stringify({ ...fixture, splits, gap }));
  const { app } = openService({ project: folderStorage(home), counting: true });
  const problem = await problemOf(app, verification, home); // its seed draws another
  assert.is(problem.type, "/problems/published-mismatch");
  assert.match(problem.detail, /test's shard 2000 to 3000 has \d+ correct, but \d+ of its/);
  const { app: uncounting } = openService({ project: folderStorage(home) });
  const { report } = await (await uncounting.request(verification)).json();
  assert.equal([report.matched, report.counted], [true, false]);
});

test.run();
