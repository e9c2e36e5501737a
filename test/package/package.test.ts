/** The package as a stranger has it: packed, installed by npm in an empty folder, run by plain Node. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { datasetFolder, PROJECT } from "../../src/local/dataset.ts";
import { startServer } from "../http/server.ts";

const work = mkdtempSync(join(tmpdir(), "rethink-package-"));
const project = join(work, "project");
const cache = join(work, "cache");
const data = { RETHINK_CIFAR10: await datasetFolder("cifar10") };
mkdirSync(project);
writeFileSync(join(project, "package.json"), "{}");

function run(command: string, args: string[], cwd = project, more: Record<string, string> = {}) {
  return spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: {
      ...process.env,
      NODE_OPTIONS: "",
      RETHINK_CACHE: cache,
      XDG_CONFIG_HOME: join(work, "config"),
      ...more,
    },
  });
}

function rethink(args: string[], more: Record<string, string> = {}) {
  return run(join(project, "node_modules/.bin/rethink"), args, project, more);
}

function start(): string | undefined {
  if ("Deno" in globalThis) return "npm packs it under Node";
  const packed = run(
    "npm",
    ["pack", "--ignore-scripts=false", "--pack-destination", work],
    PROJECT,
  );
  assert.is(packed.status, 0, packed.stderr);
  const [tarball = ""] = readdirSync(work).filter((name) => name.endsWith(".tgz"));
  const installed = run("npm", ["install", "--prefer-offline", join(work, tarball)]);
  if (installed.status === 0) return undefined;
  assert.match(installed.stderr, /ENOTFOUND|ECONN|EAI_AGAIN|ETIMEDOUT/, installed.stderr);
  return "the npm registry cannot be reached";
}

const skipped = start();
if (skipped) console.log(`skipped: the package installed: ${skipped}`);
else {
  test("it is JavaScript and declarations, without models, and nothing in it has a script", () => {
    const inside = join(project, "node_modules/rethink");
    const files = readdirSync(inside, { recursive: true, encoding: "utf8" });
    assert.not(files.some((name) => /\.onnx$|(?<!\.d)\.tsx?$/.test(name)));
    assert.ok(files.includes("fixtures/claims.json"));
    const lock = readFileSync(join(project, "node_modules/.package-lock.json"), "utf8");
    assert.not(lock.includes("hasInstallScript"));
  });

  test("what npm packs without its scripts says so, and how to pack it", () => {
    const [plain, unpacked] = [join(work, "plain"), join(work, "unpacked")];
    for (const folder of [plain, unpacked]) mkdirSync(folder);
    const packed = run("npm", ["pack", "--pack-destination", plain], PROJECT);
    assert.is(packed.status, 0, packed.stderr);
    const [tarball = ""] = readdirSync(plain);
    assert.is(run("tar", ["xzf", join(plain, tarball), "-C", unpacked]).status, 0);
    const { bin, scripts } = JSON.parse(
      readFileSync(join(unpacked, "package/package.json"), "utf8"),
    );
    assert.is(scripts.preinstall, `node ${bin.rethink}`);
    const called = run(process.execPath, [join(unpacked, "package", bin.rethink), "list"]);
    assert.is(called.status, 2);
    assert.match(
      called.stderr,
      /^rethink: .*without being built; in the clone, npm run pack .*\n$/,
    );
  });

  test("its commands run, and its exports load", () => {
    const { version } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8"));
    assert.is(rethink(["--version"]).stdout, `${version}\n`);
    const listed = rethink(["list"]);
    assert.match(listed.stdout, /theorem1\.random-labels +published/, listed.stderr);
    for (const command of ["work", "merge", "evaluate", "serve", "pull", "verify"])
      assert.is(rethink([command, "--help"]).status, 0, command);
    const queue = rethink(["work", "--queue", "redis://127.0.0.1:1"]);
    assert.is(queue.status, 2, queue.stderr);
    assert.match(queue.stderr, /^rethink: /m);
    const loads = 'for (const name of ["client", "fetch"]) await import("rethink/" + name)';
    const imported = run(process.execPath, ["--input-type=module", "-e", loads]);
    assert.is(imported.status, 0, imported.stderr);
  });

  test("it serves its pages with their code", async () => {
    const { origin, end } = await startServer(
      [join(project, "node_modules/.bin/rethink"), "serve"],
      { ...data, npm_config_offline: "true", RETHINK_CACHE: cache, XDG_CONFIG_HOME: work },
    );
    try {
      for (const path of ["/v1/claims", "/assets/page.js", "/assets/ort-wasm-simd-threaded.wasm"]) {
        const answer = await fetch(origin + path);
        assert.is(answer.status, 200, path);
        await answer.arrayBuffer();
      }
    } finally {
      await end();
    }
  });

  test("a model is fetched when it is needed, and wasm runs it in threads", async () => {
    const args = ["verify", "--claim", "theorem-1", "--runtime", "wasm", "--seed", "0"];
    const without = rethink(args, data);
    assert.is(without.status, 2);
    assert.match(without.stdout + without.stderr, /model\.onnx is not here; rethink pull/);
    const verified = rethink([...args, "--from", PROJECT], data);
    assert.is(verified.status, 0, verified.stderr);
    assert.match(verified.stdout, /1 reproduced/);
  });
}

test.after(() => rmSync(work, { recursive: true, force: true }));
test.run();
