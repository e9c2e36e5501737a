/** Archives taken home: unpacked in an empty folder, their README's commands recount and decide. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { datasetFolder } from "../../../src/local/dataset.ts";
import { pythonOrSkip } from "../../python.ts";
import { openService } from "../service.ts";

const python = pythonOrSkip("archives taken home", ["numpy", "onnxruntime"]);
const { app } = openService();
const data = await datasetFolder("cifar10");
const mnist = await datasetFolder("mnist");

/** Unpacks an archive with Python's unzip, and does what its README says, on few examples. */
async function takeHome(address: string) {
  const folder = mkdtempSync(join(tmpdir(), "rethink-"));
  try {
    const bytes = new Uint8Array(await (await app.request(address)).arrayBuffer());
    writeFileSync(join(folder, "archive.zip"), bytes);
    spawnSync(python as string, ["-m", "zipfile", "-e", "archive.zip", "."], { cwd: folder });
    const inside = join(folder, readdirSync(folder).find((name) => !name.endsWith(".zip")) ?? "");
    const commands = readFileSync(join(inside, "README.md"), "utf8")
      .split("\n")
      .filter((line) => /^ {4}(python3|for) /.test(line))
      .map((line) => line.replaceAll("python3", python as string))
      .map((line) => line.replaceAll("CIFAR10_FOLDER", `${data} --first 1000`))
      .map((line) => line.replaceAll("MNIST_FOLDER", `${mnist} --first 1000`));
    const ran = commands.map((command) =>
      spawnSync("sh", ["-c", command], { cwd: inside, encoding: "utf8" }),
    );
    return ran.map(({ status, stdout, stderr }) => ({ status, stdout, stderr }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (python && process.platform !== "win32") {
  test("a checkpoint's archive recounts it, and decides the claims that rest on it alone", async () => {
    const [recount, decide] = await takeHome("/v1/checkpoints/theorem1.random-labels/archive.zip");
    assert.is(recount?.status, 0, recount?.stderr);
    assert.match(recount?.stdout ?? "", /^train: 1000 of 1000 given labels/);
    assert.is(decide?.status, 0, decide?.stderr);
    assert.match(decide?.stdout ?? "", /^theorem-1: reproduced$/m);
    assert.match(decide?.stdout ?? "", /^theorem-1-at-chance: reproduced$/m);
  });

  test("a claim's archive has every model of it, of each seed", async () => {
    const models = readdirSync("models").filter((id) =>
      /^mlp-1x512\.(true|random-labels)(\.seed-\d+)?$/.test(id),
    );
    const ran = await takeHome("/v1/claims/table-1.mlp-1x512/archive.zip");
    assert.is(ran.length, 2);
    const [recount, decide] = ran;
    assert.is(recount?.status, 0, recount?.stderr);
    assert.is(recount?.stderr, "");
    assert.is(recount?.stdout.match(/^train: \d+ of 1000 /gm)?.length, models.length);
    assert.is(decide?.status, 0, decide?.stderr);
    assert.match(decide?.stdout ?? "", /^table-1\.mlp-1x512: reproduced$/m);
  });

  test("a kernel machine's archive names the files of its own dataset", async () => {
    const [recount, decide] = await takeHome("/v1/claims/table-3.mnist.none/archive.zip");
    assert.is(recount?.status, 0, recount?.stderr);
    assert.match(recount?.stdout ?? "", /^train: 1000 of 1000 given labels/);
    assert.is(decide?.status, 0, decide?.stderr);
  });
}

test("of a claim without a published checkpoint there is no archive", async () => {
  const response = await app.request("/v1/claims/table-2.true/archive.zip");
  assert.is(response.status, 404);
  assert.match((await response.json()).detail, /no checkpoint that bears on table-2\.true/);
});

test.run();
