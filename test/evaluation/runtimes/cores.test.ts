/** A batch shared among threads gives the very logits that one thread gives. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { project } from "../../../src/local/project.ts";
import { InputError } from "../../../src/datasets/storage.ts";
import { onCores } from "../../../src/evaluation/runtimes/cores.ts";
import { openRuntime } from "../../../src/evaluation/runtimes/open.ts";

const model = await project.read("models/alexnet.true/model.onnx");
const images = Uint8Array.from({ length: 7 * 3072 }, (_, i) => (i * 2_654_435_761) >>> 24);

test("seven images on three threads, and one", async () => {
  const here = await openRuntime("wasm");
  const there = onCores(here, 3);
  try {
    const shared = await there.load(model); // first: see apart
    const alone = await here.load(model);
    for (const count of [7, 1]) {
      const some = images.subarray(0, count * 3072);
      assert.equal(await shared.run(some), await alone.run(some));
    }
    await alone.close();
    await shared.close();
    const refused = await there.load(new Uint8Array(9)).catch((error: unknown) => error);
    assert.instance(refused, InputError);
  } finally {
    there.stop();
  }
});

test.run();
