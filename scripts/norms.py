"""Recomputes the norms in models/<id>/checkpoint.json with none of Rethink's code: norms.py [--kernels DATASETS] [ID...]
Of a net √Σw² over its kernels; of a kernel machine √(Σ αᵀKα), Kα its logits on all training images, which takes minutes
and the folder with mnist/ and cifar10/ (.cache). It needs numpy, onnx and onnxruntime. What differs: stderr, exit 1; what cannot be computed: 2."""
import argparse, json, os, pathlib, shutil, sys, tempfile
sys.excepthook = lambda _, error, __: (print("norms:", error, file=sys.stderr), os._exit(2))
import numpy as np, onnx, onnxruntime
from onnx import numpy_helper
FILES = {"mnist": ["train-images-idx3-ubyte"], "cifar10": [f"data_batch_{k}.bin" for k in range(1, 6)]}
def training_images(folder, dataset):
    parts = [np.fromfile(folder / dataset / name, np.uint8) for name in FILES[dataset]]
    if dataset == "mnist": return parts[0][16:].reshape(-1, 1, 28, 28)
    return np.concatenate(parts).reshape(-1, 3073)[:, 1:].reshape(-1, 3, 32, 32)
def logits(file, folder, dataset):
    with tempfile.TemporaryDirectory() as beside:  # its images are external data, beside the model
        for path in [file, *(folder / dataset / name for name in FILES[dataset])]: shutil.copy(path, beside)
        session = onnxruntime.InferenceSession(f"{beside}/model.onnx")
        images = training_images(folder, dataset)
        return np.concatenate([session.run(["logits"], {"images": images[at:at + 100]})[0] for at in range(0, len(images), 100)])
def norm(id, recipe, folder):
    file = models / id / "model.onnx"
    tensors = [t for t in onnx.load(file, load_external_data=False).graph.initializer if t.name.endswith(("/kernel", "/alpha"))]
    values = [numpy_helper.to_array(t).astype(np.float64) for t in tensors]
    if recipe["kind"] != "kernel": return sum((w * w).sum() for w in values) ** 0.5
    return (np.concatenate(values) * logits(file, folder, recipe["view"]["dataset"])).sum() ** 0.5
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("id", nargs="*"); parser.add_argument("--kernels", type=pathlib.Path, metavar="DATASETS")
asked = parser.parse_args()
models = pathlib.Path(__file__).parent.parent / "models"
differing = computed = 0
for id in asked.id or sorted(path.name for path in models.iterdir()):
    checkpoint = json.loads((models / id / "checkpoint.json").read_bytes())
    published = checkpoint["model"].get("norm")
    lack = "no norm is published of it" if published is None else "it is a kernel machine, for which --kernels is needed"
    if published is None or checkpoint["recipe"]["kind"] == "kernel" and not asked.kernels:
        if asked.id: parser.error(f"{id}: {lack}")
        continue
    computed += 1
    ours = norm(id, checkpoint["recipe"], asked.kernels)
    print(f"{id}: {ours:.6g}, published {published}")
    if not abs(ours / published - 1) <= 1e-4: differing += 1; print(f"{id}: {ours:.6g}, published {published}", file=sys.stderr)
if not computed: parser.error(f"nothing in {models} has a norm")
sys.exit(1 if differing else 0)
