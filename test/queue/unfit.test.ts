/** Workers that are not fit, as real processes: another dataset, a full disk. Each costs time, and no result. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeSync,
  closeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { datasetFolder, PROJECT } from "../../src/local/dataset.ts";
import { homeOfOne, ID } from "../home.ts";
import { startRedis, UNAVAILABLE } from "./redis.ts";

const RECORD = 3073;
const folder = mkdtempSync(join(tmpdir(), "rethink-unfit-"));

/** Official files, but for a byte in the shard that seed 0 draws of each split. */
async function anotherDataset(): Promise<string> {
  const [official, other] = [await datasetFolder("cifar10"), join(folder, "cifar10")];
  mkdirSync(other);
  // train's shard 11 is records 1,000 to 2,000 of the second file; test's is 5
  const changed: Record<string, number> = { "data_batch_2.bin": 1000, "test_batch.bin": 5000 };
  for (const name of readdirSync(official).filter((file) => file.endsWith(".bin"))) {
    const record = changed[name];
    if (record === undefined) {
      symlinkSync(join(official, name), join(other, name));
      continue;
    }
    copyFileSync(join(official, name), join(other, name));
    const file = openSync(join(other, name), "r+");
    writeSync(file, new Uint8Array([255]), 0, 1, record * RECORD);
    closeSync(file);
  }
  return other;
}

/** A project whose model is elsewhere, and so must be fetched into the cache. */
function withoutModel(): string {
  const home = homeOfOne();
  rmSync(join(home, "models", ID, "model.onnx"));
  return home;
}

const MOUNT = `mount -t tmpfs -o size=64k none "$0" && exec "$@"`;
const canMount = spawnSync("unshare", ["-m", "sh", "-c", MOUNT, folder, "true"]).status === 0;
const command = [process.execPath, "--import", "tsx", "src/cli/main.ts"];

function start(args: string[], environment: Record<string, string> = {}, before: string[] = []) {
  const [program = "", ...rest] = [...before, ...command, ...args];
  const child = spawn(program, rest, { cwd: PROJECT, env: { ...process.env, ...environment } });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  return { child, exit: once(child, "exit") as Promise<[number | null]>, said };
}

/** What the statements of a receipt say. */
function predicatesIn(receipt: string) {
  const lines = readFileSync(receipt, "utf8").trim().split("\n");
  return lines.map((line) => {
    const { payload } = JSON.parse(line);
    return JSON.parse(Buffer.from(payload, "base64").toString()).predicate;
  });
}

test("one leaves with a line that says why, and the next has the jobs", async () => {
  const redis = await startRedis();
  const at = ["--queue", `${redis.url}`];
  const receipt = join(folder, "receipt.intoto.jsonl");
  const asked = ["--checkpoint", ID, "--seed", "0", "--json", "--receipt", receipt];
  const run = start(["verify", ...at, ...asked], {
    RETHINK_SIGNING_KEY_FILE: join(folder, "key.pem"),
  });
  try {
    const other = start(["work", ...at, "--name", "other"], {
      RETHINK_CIFAR10: await anotherDataset(),
    });
    assert.equal(await other.exit, [2, null]);
    assert.match((await other.said)[1], /records \d+ to \d+ are not CIFAR-10's/);
    if (canMount) {
      const cache = join(folder, "cache");
      mkdirSync(cache);
      const home = withoutModel();
      const environment = {
        RETHINK_CACHE: cache,
        RETHINK_CIFAR10: await datasetFolder("cifar10"),
        RETHINK_HOME: home,
        RETHINK_MODELS: PROJECT,
      };
      const mounted = ["unshare", "-m", "sh", "-c", MOUNT, cache];
      const full = start(["work", ...at, "--name", "full"], environment, mounted);
      assert.equal(await full.exit, [2, null]);
      rmSync(home, { recursive: true });
      assert.match((await full.said)[1], /cannot write \S+ \(ENOSPC\)/);
    } else console.log("skipped: a worker's full disk: no file system can be mounted here");
    const fit = start(["work", ...at, "--name", "fit", "--jobs", "evaluate,train"]);
    assert.equal(await run.exit, [0, null]);
    const { workers, matched, counted } = JSON.parse((await run.said)[0]);
    assert.ok(matched);
    assert.ok(counted);
    assert.equal(
      workers.map(({ worker, shards }: Record<string, unknown>) => [worker, shards]),
      [["fit", { [ID]: 2 }]],
    );
    const [counts, testResult] = predicatesIn(receipt);
    assert.equal(counts.report.workers, ["fit"]);
    assert.is(testResult.result, "WARNED");
    fit.child.kill();
    assert.equal(await fit.exit, [0, null]);
  } finally {
    run.child.kill();
    await redis.stop();
  }
});

test.after(() => rmSync(folder, { recursive: true }));
if (UNAVAILABLE) console.log(`skipped: ${UNAVAILABLE}`);
else test.run();
