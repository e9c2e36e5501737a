"""Audits a checkpoint with none of Rethink's code: audit.py MODEL.onnx FIXTURE.json DATASET_FOLDER [--first N]
Labels, pixels, counts, digests and gap come from these alone; what differs goes to stderr, exit 1."""
import argparse, fractions, hashlib, itertools, json, os, pathlib, shutil, statistics, struct, sys, tempfile
sys.excepthook = lambda _, error, __: (print("audit:", error, file=sys.stderr), os._exit(2))
import numpy as np, onnxruntime
def keyed(purpose, seed, i):  # the words of xoshiro128** 1.1, seeded by SHA-256
    a, b, c, d = struct.unpack("<4I", hashlib.sha256(f"rethink/{purpose}/{seed}/{i}".encode()).digest()[:16])
    rotate = lambda x, k: (x << k | x >> 32 - k) & 0xFFFFFFFF
    while True:
        yield rotate(b * 5 & 0xFFFFFFFF, 7) * 9 & 0xFFFFFFFF
        a, b, c, d = a ^ b ^ d, a ^ b ^ c, a ^ c ^ (b << 9 & 0xFFFFFFFF), rotate(b ^ d, 11)
def below(words, n): return next(word for word in words if word < 2**32 - 2**32 % n) % n
def permuted(x, words):  # Fisher-Yates from the last pixel down
    p = list(range(1024))
    for k in range(1023, 0, -1):
        other = below(words, k + 1)
        p[k], p[other] = p[other], p[k]
    return x[:, p]
def given_label(i, kind, fraction="0/1", seed=0):
    words = keyed("labels", seed, i)
    return below(words, 10) if next(words) < 2**32 * fractions.Fraction(fraction) else true[i]
def repainted(i, kind, seed=0):  # uint8 [3, 1024]
    if kind == "true": return pixels[i]
    if kind == "shuffled": return permuted(pixels[i], keyed("shuffle", seed, 0))
    if kind == "random": return permuted(pixels[i], keyed("random-pixels", seed, i))
    words = keyed("gaussian", seed, i)  # a pixel is the number of thresholds up to its word
    return [np.searchsorted(t, list(itertools.islice(words, 1024)), "right") for t in thresholds]
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("model"); parser.add_argument("fixture"); parser.add_argument("dataset")
parser.add_argument("--first", type=int, default=60000, metavar="N", help="only the first N examples of each split, in whole shards of 1,000")
asked = parser.parse_args()
wanted = -(-asked.first // 1000) * 1000  # rounded up
if wanted < 1: parser.error("--first must be 1 or more")
model, fixture = open(asked.model, "rb").read(), json.load(open(asked.fixture, "rb"))
view, sha256, folder = fixture["view"], lambda data: hashlib.sha256(data).hexdigest(), pathlib.Path(asked.dataset)
mnist, size = view["dataset"] == "mnist", 60000 if view["dataset"] == "mnist" else 50000
files, starts = ([*(f"data_batch_{k}.bin" for k in range(1, 6)), "test_batch.bin"],
    "cee916563c9f a591ca11fa17 bbe8596564c0 014e562d6e23 755304fc0b37 8e2eb146ae34") if not mnist else (
    [f"{part}-{what}-ubyte" for what in ("images-idx3", "labels-idx1") for part in ("train", "t10k")],
    "ba891046e650 0fa7898d5092 65a50cbbf4e9 ff7bcfd416de")
for file, start in zip(files, starts.split()):
    if not sha256(np.fromfile(folder / file, np.uint8)).startswith(start): raise ValueError(f"{folder / file} is not the dataset's official file")
if mnist:
    pixels, true = (np.concatenate([np.fromfile(folder / f, np.uint8)[header:] for f in pair]) for pair, header in ((files[:2], 16), (files[2:], 8)))
    pixels = pixels.reshape(70000, 1, 784)
else:
    records = np.concatenate([np.fromfile(folder / file, np.uint8) for file in files]).reshape(60000, 3073)
    true, pixels = records[:, 0], records[:, 1:].reshape(60000, 3, 1024)
with tempfile.TemporaryDirectory() as beside:  # a kernel's training images are external data, beside the model
    shutil.copy(asked.model, f"{beside}/model.onnx")
    for file in files:
        if file.encode() in model: shutil.copy(folder / file, beside)
    session = onnxruntime.InferenceSession(f"{beside}/model.onnx")
if view["pixels"]["kind"] == "gaussian":
    normals = (statistics.NormalDist(x.mean(), x.std()) for x in np.moveaxis(pixels[:50000], 1, 0))
    thresholds = [[int(2**32 * n.cdf(v + 0.5)) for v in range(255)] for n in normals]
gap, whole, named = 0, True, session.get_modelmeta().custom_metadata_map
compared = [("SHA-256 of the model", sha256(model), fixture["sha256"]), ("id", named.get("id"), fixture["checkpoint"])]
for split, first, end in ("train", 0, view.get("examples", size)), ("test", size, size + 10000):
    last = min(end, first + wanted)
    given = true[first:last] if first else [given_label(i, **view["labels"]) for i in range(last)]
    predicted, margin = np.empty(last - first, np.uint8), np.empty(last - first, np.float32)
    for at in range(first, last, 100):
        images = np.uint8([repainted(i, **view["pixels"]) for i in range(at, min(at + 100, last))])
        logits, = session.run(["logits"], {"images": images.reshape(-1, *((1, 28, 28) if mnist else (3, 32, 32)))})
        predicted[at - first:at - first + 100] = logits.argmax(1)
        margin[at - first:at - first + 100] = np.sort(logits)[:, -1] - np.sort(logits)[:, -2]
        if sys.stderr.isatty(): print(f"{split}: {at - first + len(images)} of {last - first}", end="\r", file=sys.stderr)
    hits, on_true = predicted == given, int(sum(predicted == true[first:last]))
    ours = {"total": len(hits), "correct": int(sum(hits)), "correctOnTrueLabels": on_true, "predictions": sha256(predicted)}
    confident = int(sum((margin >= 3) & ~hits))
    published = {"correctOnTrueLabels": on_true, **(of := fixture["splits"][split]), "predictions": of["predictions"]["sha256"]}
    if last == end: compared += [(f"{split}, {name}", ours[name], published[name]) for name in ours]
    else: whole, published["shards"] = False, published["shards"][:wanted // 1000]
    shards = [{"start": at, "end": min(at + 1000, len(hits)), "correct": int(sum(hits[at:at + 1000])),
        "predictionsSha256": sha256(predicted[at:at + 1000])} for at in range(0, len(hits), 1000)]
    compared += [(f"{split}, a shard", *both) for both in itertools.zip_longest(shards, published["shards"])]
    says = of["margin"].get("confidentMisses", confident)  # another processor may turn those at the bound
    if last == end and abs(confident - says) > sum(abs(margin - 3) < 1e-3): compared.append((f"{split}, confident misses", confident, says))
    print(f"{split}: {sum(hits)} of {len(hits)} given labels, {on_true} true ones", *of["margin"]["fragile"], sep="; fragile: ")
    gap += fractions.Fraction(int(sum(hits)), len(hits)) * (-1 if first else 1)
print(f"gap: {gap} = {float(gap):.4f}" if whole else f"shards of the first {wanted} examples alone: no gap")
if whole: compared.append(("gap", gap, fractions.Fraction("{numerator}/{denominator}".format(**fixture["gap"]))))
sys.exit("\n".join(f"{what}: {ours}, published {says}" for what, ours, says in compared if ours != says) or 0)
