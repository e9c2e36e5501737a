"""Runs published models in one ONNX runtime after another: runtimes.py CIFAR10_FOLDER [ID...]

Prints a table: the hits on the first 1,000 test images, and whether the predictions are those published.
A runtime that is not installed here is said to be missing. RETHINK_OLD_PYTHON names an interpreter with
an older onnxruntime; Node's runtimes are those of the repository. Needs numpy, and none of Rethink's code.
"""
import hashlib, json, os, pathlib, subprocess, sys, tempfile
import numpy as np

HOME, COUNT, BATCH = pathlib.Path(__file__).resolve().parent.parent, 1000, 100
DEFAULT = ["mlp-1x512.true", "alexnet.true", "inception.true", "theorem1.random-labels"]

NODE = """import { readFileSync, writeFileSync } from "node:fs";
const [from, model, images, out] = process.argv.slice(1);
const loaded = await import(from), ort = loaded.InferenceSession ? loaded : loaded.default;
if (from.endsWith("wasm")) ort.env.wasm.numThreads = 1;
const session = await ort.InferenceSession.create(new Uint8Array(readFileSync(model)));
const bytes = new Uint8Array(readFileSync(images)), logits = [];
for (let at = 0; at < bytes.length; at += 307200) {
  const input = new ort.Tensor("uint8", bytes.slice(at, at + 307200), [100, 3, 32, 32]);
  logits.push(Buffer.from(new Uint8Array((await session.run({ images: input })).logits.data.slice().buffer)));
}
writeFileSync(out, Buffer.concat(logits));
const { version } = JSON.parse(readFileSync(`node_modules/${from.split("/")[0]}/package.json`));
console.log(`${from} ${version}`);"""
PYTHON = """import sys, numpy as np, onnxruntime
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
images = np.fromfile(sys.argv[2], np.uint8).reshape(-1, 100, 3, 32, 32)
np.concatenate([session.run(["logits"], {"images": batch})[0] for batch in images]).tofile(sys.argv[3])
print("onnxruntime", onnxruntime.__version__)"""


def program(*command):  # a runtime in a process of its own
    def run(model, images):
        with tempfile.TemporaryDirectory() as at:
            given, out = f"{at}/images", f"{at}/logits"
            images.tofile(given)
            done = subprocess.run([*command, str(model), given, out], cwd=HOME, capture_output=True, text=True)
            if done.returncode: raise RuntimeError(([line for line in done.stderr.splitlines() if "Error" in line] or ["it failed"])[-1])
            return done.stdout.strip(), np.fromfile(out, np.float32).reshape(-1, 10)
    return run


def batched(name, call, images):
    return name, np.concatenate([call(images[k:k + BATCH]) for k in range(0, len(images), BATCH)])

def openvino(model, images):
    import openvino
    core = openvino.Core()
    core.set_property("CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    compiled = core.compile_model(core.read_model(model), "CPU")
    return batched(f"OpenVINO {openvino.__version__.split('-')[0]}, f32", lambda x: compiled([x])[0], images)

def tract(model, images):
    import tract
    loaded = tract.onnx().load(str(model))
    loaded.set_input_fact(0, f"{BATCH},3,32,32,u8")
    runnable = loaded.into_model().into_runnable()
    return batched(f"tract {tract.version()}", lambda x: runnable.run([x])[0].to_numpy(), images)

def reference(model, images):
    import onnx, onnx.reference
    evaluator = onnx.reference.ReferenceEvaluator(str(model))
    return batched(f"onnx.reference {onnx.__version__}", lambda x: evaluator.run(["logits"], {"images": x})[0], images)


RUNTIMES = {
    "an older onnxruntime for Python": program(os.environ.get("RETHINK_OLD_PYTHON", "no-old-python"), "-c", PYTHON),
    "onnxruntime for Python": program(sys.executable, "-c", PYTHON),
    "onnxruntime-node": program("node", "--input-type=module", "-e", NODE, "onnxruntime-node"),
    "onnxruntime-web": program("node", "--input-type=module", "-e", NODE, "onnxruntime-web/wasm"),
    "WebGPU": program("npx", "tsx", "scripts/webgpu.ts"),
    "OpenVINO": openvino, "tract": tract, "onnx.reference": reference,
}


def row(what, run, id, images, labels):
    shard = json.loads((HOME / f"fixtures/{id}.json").read_text())["splits"]["test"]["shards"][0]
    try:
        name, logits = run(HOME / f"models/{id}/model.onnx", images)
    except (ImportError, OSError) as error:
        return f"{what} is missing here ({error})"
    except Exception as error:  # what a runtime refuses is its result
        return f"| {what} | {id} | refused: {str(error).splitlines()[0][:60]} | | |"
    predictions = logits.argmax(1).astype(np.uint8)
    same = hashlib.sha256(predictions).hexdigest() == shard["predictionsSha256"]
    return f"| {name} | {id} | {(predictions == labels).sum()} | {shard['correct']} | {'equal' if same else 'not equal'} |"


def main(folder, *ids):
    records = np.fromfile(f"{folder}/test_batch.bin", np.uint8).reshape(-1, 3073)[:COUNT]
    labels, images = records[:, 0], np.ascontiguousarray(records[:, 1:]).reshape(-1, 3, 32, 32)
    print("| runtime | checkpoint | hits of 1000 | published | predictions |\n| --- | --- | ---: | ---: | --- |")
    for what, run in RUNTIMES.items():
        for id in ids or DEFAULT: print(row(what, run, id, images, labels), flush=True)


main(*sys.argv[1:]) if len(sys.argv) > 1 else sys.exit(__doc__)
