/** Workers that die while they are asked, and clients that leave one: who asks finds what a whole run finds. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { buildWorker } from "../../../scripts/deploy/workers/build.ts";
import { type RunningWorker, startWorker } from "../../../scripts/deploy/workers/workerd.ts";
import { homeOf, ROOT } from "../../home.ts";

const NET = "mlp-1x512.true";
const LAUNCH = ["--import", "tsx", "src/cli/main.ts"];

if ("Deno" in globalThis) {
  console.log("skipped: workers that die: the same workerd, started under Node");
} else {
  const scratch = await mkdtemp(join(tmpdir(), "rethink-"));
  const home = homeOf([NET]);
  test.after(async () => {
    for (const folder of [scratch, home]) await rm(folder, { recursive: true });
  });
  const env = { ...process.env, RETHINK_HOME: home };

  /** The command line's own words. */
  async function rethink(args: string[], cache?: string) {
    const child = spawn(process.execPath, [...LAUNCH, ...args], {
      cwd: ROOT,
      env: { ...env, ...(cache && { RETHINK_CACHE: cache }) },
    });
    const [[status], out, err] = await Promise.all([
      once(child, "close"),
      text(child.stdout),
      text(child.stderr),
    ]);
    return { status, out, err };
  }

  const files = join(scratch, "origin");
  const published = await rethink(["publish", files]);
  assert.is(published.status, 0, published.err);
  const worker = await buildWorker(join(scratch, "worker"));
  const start = (port = 0) =>
    startWorker({ worker, files, port, environment: { RETHINK_LOG: "errors" } });

  /** Ends it without a word, and has another in its place. */
  async function replaced(one: RunningWorker): Promise<RunningWorker> {
    process.kill(one.pid, "SIGKILL");
    await one.ended;
    return await start(Number(new URL(one.origin).port));
  }

  test("verify --url goes on with the next, and reports what wasm finds here", async () => {
    const asked = ["verify", "--checkpoint", NET, "--runtime", "wasm", "--json"];
    const drawn = ["--shards", "8", "--seed", "7"];
    let running = await start();
    try {
      const remote = rethink(
        [...asked, ...drawn, "--url", running.origin, "--concurrency", "2"],
        scratch,
      );
      const kept = join(scratch, "remote");
      while (!existsSync(kept) || readdirSync(kept).length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      running = await replaced(running); // some answers are there, others under way
      const { status, out, err } = await remote;
      assert.is(status, 0, err);
      const local = await rethink([...asked, ...drawn]);
      const [there, here] = [JSON.parse(out), JSON.parse(local.out)];
      assert.is(there.checkpoints[0].splits.train.length, 8);
      for (const key of ["runtime", "sampling", "checkpoints", "verdicts", "matched", "passed"]) {
        assert.equal(there[key], here[key], key);
      }
    } finally {
      await running.stop();
    }
  });

  test("who leaves takes nothing from those who joined, nor from the next", async () => {
    const running = await start();
    const address = `${running.origin}/v1/claims/table-1.${NET}/verification?shards=4&seed=8`;
    try {
      const leaving = new AbortController();
      const headers = { Accept: "text/event-stream" };
      const stream = await fetch(address, { headers, signal: leaving.signal });
      const joined = fetch(address);
      const reader = stream.body?.getReader();
      for (let told = ""; !told.includes("event: shard"); ) {
        told += new TextDecoder().decode((await reader?.read())?.value);
      }
      leaving.abort();
      const { report } = await (await joined).json();
      assert.is(report?.verdicts[0].status, "reproduced");
      const next = `/v1/checkpoints/${NET}/evaluations/test?end=20`;
      const signal = AbortSignal.timeout(60_000);
      assert.is((await fetch(running.origin + next, { signal })).status, 200);
    } finally {
      await running.stop();
    }
  });

  test("a stream that breaks off has no verdict, and asked again it has the same as JSON", async () => {
    let running = await start();
    const address = `${running.origin}/v1/claims/table-1.${NET}/verification?shards=8&seed=7`;
    const stream = () => fetch(address, { headers: { Accept: "text/event-stream" } });
    try {
      const reader = (await stream()).body?.getReader();
      let told = "";
      const read = async () => {
        for (let one = await reader?.read(); one && !one.done; one = await reader?.read()) {
          const before = told.includes("event: shard");
          told += new TextDecoder().decode(one.value);
          if (!before && told.includes("event: shard")) running = await replaced(running);
        }
      };
      assert.is(
        await read()
          .then(() => "whole")
          .catch(() => "broken"),
        "broken",
      );
      assert.not.match(told, /event: verification/);
      const whole = await (await stream()).text();
      const [, data = ""] = /event: verification\ndata: (.*)/.exec(whole) ?? [];
      assert.equal(JSON.parse(data), await (await fetch(address)).json());
      assert.is(JSON.parse(data).report.verdicts[0].status, "reproduced");
    } finally {
      await running.stop();
    }
  });
}

test.run();
