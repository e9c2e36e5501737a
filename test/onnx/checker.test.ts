/** ONNX's own checker, with shape inference, on every published file and on each net's export. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { HOME, project } from "../../src/local/project.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { publishedIds, readCheckpoint } from "../../src/evaluation/published.ts";
import { NETS } from "../../src/nets/registry.ts";
import { exportNet } from "../../src/onnx/net.ts";
import { externalLocations } from "../../src/onnx/external.ts";
import { initialState } from "../../src/training/initialize.ts";
import { linearModel } from "../models.ts";
import { pythonOrSkip } from "../python.ts";

/** Prints a line for each file: its name and opset, or why it is refused. */
const CHECK = `
import sys, onnx
for path in sys.argv[1:]:
    try:
        onnx.checker.check_model(path, full_check=True)
        model = onnx.load(path, load_external_data=False)
        print("accepted, IR", model.ir_version, "opset", *(o.version for o in model.opset_import))
    except Exception as error:
        print("refused:", str(error).strip().splitlines()[0])
`;

const python = pythonOrSkip("ONNX's checker", ["onnx"]);

function check(files: string[]): string[] {
  const run = spawnSync(python as string, ["-c", CHECK, ...files], { encoding: "utf8" });
  assert.is(run.status, 0, run.stderr);
  return run.stdout.trim().split("\n");
}

/** A published file; one whose images lie in the dataset's own files is laid beside them. */
async function withItsImages(id: string, folder: string): Promise<string> {
  const model = await project.read(`models/${id}/model.onnx`);
  const locations = externalLocations(model);
  if (locations.length === 0) return join(HOME, "models", id, "model.onnx");
  const { dataset } = (await readCheckpoint(project, id)).recipe.view;
  const storage = await openDataset(dataset);
  mkdirSync(join(folder, id));
  for (const location of locations)
    writeFileSync(join(folder, id, location), await storage.read(`${dataset}/${location}`));
  writeFileSync(join(folder, id, "model.onnx"), model);
  return join(folder, id, "model.onnx");
}

if (python) {
  test("every published file is accepted", async () => {
    const ids = await publishedIds(project);
    assert.ok(ids.length > 0);
    const folder = mkdtempSync(join(tmpdir(), "rethink-"));
    try {
      const files = await Promise.all(ids.map((id) => withItsImages(id, folder)));
      assert.equal(
        check(files),
        ids.map(() => "accepted, IR 8 opset 17"),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("every net's export is accepted, and a damaged file is not", () => {
    const folder = mkdtempSync(join(tmpdir(), "rethink-"));
    try {
      const write = (name: string, model: Uint8Array) => {
        writeFileSync(join(folder, name), model);
        return join(folder, name);
      };
      const files = Object.entries(NETS).map(([name, net]) =>
        write(name, exportNet(net, initialState(net, 0), { id: name })),
      );
      const damaged = write("damaged", linearModel().slice(0, 5000));
      const [last, ...rest] = check([...files, damaged]).reverse();
      assert.equal(
        rest,
        files.map(() => "accepted, IR 8 opset 17"),
      );
      assert.match(last as string, /^refused: /);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test.run();
