"""Whether `at-chance` is decided otherwise by the exact distribution: chance.py REPOSITORY CIFAR10_FOLDER
Of each checkpoint with that rule on CIFAR-10: its test hits under every relabelling of the classes that it
predicts, all 10! of them, beside the binomial interval, which supposes predictions spread evenly."""
import itertools, json, pathlib, sys
import numpy as np
if len(sys.argv) != 3: sys.exit(__doc__)
home, folder = map(pathlib.Path, sys.argv[1:])
true = np.fromfile(folder / "test_batch.bin", np.uint8).reshape(10000, 3073)[:, 0]
relabellings = np.array(list(itertools.permutations(range(10))), np.uint8)
claims = json.loads((home / "fixtures/claims.json").read_text())["claims"]
rules = [(claim, rule) for claim in claims for rule in claim["rules"] if rule["kind"] == "at-chance"]
for claim, rule in rules:
    id = rule["checkpoints"][0]
    file = home / f"fixtures/predictions/{id}.test.bin"
    if not file.exists() or id.startswith("kernel.mnist"): continue
    predicted = np.fromfile(file, np.uint8)
    met = np.zeros((10, 10), np.int32)
    np.add.at(met, (predicted, true), 1)
    hits = np.sort(sum(met[k][relabellings[:, k]] for k in range(10)))
    tail = len(hits) // 2000  # each tail beyond has at most 1/2000
    low, high, ours = hits[tail], hits[-1 - tail], met.trace()
    exact, binomial = low <= ours <= high, rule.get("holds")
    print(f"{claim['id']}, {claim['status']}: {ours} hits, relabelled {low} to {high}: {'at chance' if exact else 'not at chance'}",
        *[] if exact == binomial else ["by the binomial interval it is otherwise"], sep="; ")
