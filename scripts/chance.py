"""Whether the binomial interval decides as the exact distribution does: chance.py [REPOSITORY]
Of every checkpoint with a rule on chance: its test hits under each of the 10! relabellings of the classes that it
predicts, beside the interval, which supposes predictions spread evenly. Exit 1 where a claim's status is another."""
import itertools, json, os, pathlib, sys
sys.excepthook = lambda _, error, __: (print("chance:", error, file=sys.stderr), os._exit(2))
if sys.argv[2:] or sys.argv[1:2] in (["-h"], ["--help"]): sys.exit(__doc__)
import numpy as np
home = pathlib.Path(*sys.argv[1:])
relabellings = np.array(list(itertools.permutations(range(10))), np.uint8)
labels = {name: np.array(list(digits), np.uint8) for name, digits in json.loads((home / "fixtures/test-labels.json").read_bytes()).items()}
predictions = lambda id: np.fromfile(home / f"fixtures/predictions/{id}.test.bin", np.uint8)
dataset = lambda id: json.loads((home / f"fixtures/{id}.json").read_bytes())["view"]["dataset"]
def exact(kind, ids, at_least):
    """Hits, the interval of chance, and whether the rule holds by it: each tail beyond has at most 1/2000."""
    predicted = predictions(ids[-1])
    meant = predictions(ids[0]) if kind == "agree-at-chance" else labels[dataset(ids[0])]
    met = np.zeros((10, 10), np.int32)
    np.add.at(met, (predicted, meant), 1)
    hits = np.sort(sum(met[k][relabellings[:, k]] for k in range(10)))
    tail = len(hits) // 2000
    low, high, ours = hits[tail], hits[-1 - tail], met.trace()
    return ours, low, high, ours > high and ours * at_least[1] >= at_least[0] * 10000 if kind == "generalizes" else low <= ours <= high
changed = False
for claim in json.loads((home / "fixtures/claims.json").read_bytes())["claims"]:
    holding = [rule.get("holds") for rule in claim["rules"]]
    for k, rule in enumerate(claim["rules"]):
        kind = rule["kind"]
        if kind not in ("at-chance", "generalizes", "agree-at-chance") or "holds" not in rule: continue
        ours, low, high, holding[k] = exact(kind, rule["checkpoints"], rule.get("atLeast"))
        print(f"{claim['id']}, {claim['status']}: {kind} of {', '.join(rule['checkpoints'])}: {ours}, relabelled {low} to {high}: {'holds' if holding[k] else 'fails'}",
            *[] if holding[k] == rule["holds"] else ["by the binomial interval it is otherwise"], sep="; ")
    if claim["status"] == "not-evaluated": continue
    status = "not-reproduced" if False in holding else "reproduced" if None not in holding else "not-evaluated"
    if status != claim["status"]:
        changed = True
        print(f"{claim['id']}: {status} by the exact distribution, published {claim['status']}", file=sys.stderr)
sys.exit(1 if changed else 0)
