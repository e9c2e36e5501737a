"""Decides every claim with none of Rethink's code, on Python alone: decide.py [FOLDER OF THE REPOSITORY]

The rules are those of fixtures/README.md, their bounds those of fixtures/claims.json. Counts are
read from fixtures/<id>.json, which audit.py recomputes. What comes out otherwise than published
goes to stderr, exit 1.
"""
import json, math, pathlib, sys
from fractions import Fraction

INFINITE = math.inf


def chance(n):
    """The least and the most hits such that each tail of Binomial(n, 1/10) beyond is at most 1/2000."""
    whole = 10**n  # of which C(n, k) · 9^(n − k) is the probability of k hits
    low, tail, term = 0, 0, 9**n
    while (tail := tail + term) * 2000 <= whole:
        term = term * (n - low) // (9 * (low + 1))
        low += 1
    high, tail, term = n, 0, 1
    while (tail := tail + term) * 2000 <= whole:
        term = term * 9 * high // (n - high + 1)
        high -= 1
    return low, high


LOW, HIGH = chance(10_000)


class Checkpoint:
    def __init__(self, home, id):
        read = lambda path: json.loads((home / path).read_text())
        splits = read(f"fixtures/{id}.json")["splits"]
        published = read(f"models/{id}/checkpoint.json")
        self.history = read(f"models/{id}/history.json")
        self.weights = published["model"]["parameters"]
        self.examples, self.hits = splits["train"]["total"], splits["test"]["correct"]
        self.train, self.test = (Fraction(of["correct"], of["total"]) for of in (splits["train"], splits["test"]))
        self.gap = self.train - self.test
        self.online = [Fraction(round(e["accuracy"] * self.examples), self.examples) for e in self.history]
        recipe = published["recipe"]
        ended = [e["epoch"] >= recipe.get("epochs", INFINITE) or e["loss"] < recipe.get("targetLoss", 0) for e in self.history]
        self.whole = True in ended and ended.index(True) == len(ended) - 1  # trained to its end, and no further

    def epochs(self, reached):
        return next((k + 1 for k, met in enumerate(self.online) if met >= reached), INFINITE)

    def steps(self, threshold):
        before = 0
        for epoch in self.history:
            size = epoch["steps"] - before
            for k, loss in enumerate(epoch["losses"]):
                if loss < threshold: return before + math.ceil(Fraction((k + 1) * size, 10))
            before = epoch["steps"]
        return INFINITE


def holds(rule, those):
    first, last = those[0], those[-1]
    def within(x): return Fraction(*rule.get("atLeast", (-100, 1))) <= x <= Fraction(*rule.get("atMost", (100, 1)))
    match rule["kind"]:
        case "weights": return first.weights == rule["equals"]
        case "fits" | "fails-to-converge": return within(first.train)
        case "fits-online": return within(first.online[-1])
        case "at-chance": return LOW <= first.hits <= HIGH
        case "generalizes": return first.hits > HIGH and within(first.test)
        case "gap": return within(first.gap)
        case "gap-jumps": return within(last.gap - first.gap)
        case "gain": return within(last.test - first.test)
        case "error-grows": return all(a.test > b.test for a, b in zip(those, those[1:]))
        case "loss-order":
            steps = [c.steps(rule["threshold"]) for c in those]
            pairs = zip(steps, steps[1:], rule["relations"])
            return INFINITE not in steps and all(a < b or a == b and relation == "≤" for a, b, relation in pairs)
        case "time-grows":
            base, *rest = epochs = [c.epochs(Fraction(*rule["reached"])) for c in those]
            return all(base < at <= rule["atMost"] * base and at >= max(epochs[:k + 1]) - 1 for k, at in enumerate(rest))
    raise ValueError(f"no rule is called {rule['kind']}")


def status(claim, checkpoints):
    """reproduced, not-reproduced or not-evaluated; what rules lack leaves a claim open unless another fails."""
    def decided(rule):
        those = [checkpoints.get(id) for id in rule["checkpoints"]]
        if None in those: return None
        if rule["kind"] in ("fits-online", "loss-order", "time-grows") and not all(c.whole for c in those): return None
        return holds(rule, those)
    found = [decided(rule) for rule in claim["rules"]]
    if False in found: return "not-reproduced"
    return "reproduced" if found and None not in found else "not-evaluated"


def main(home):
    claims = json.loads((home / "fixtures/claims.json").read_text())["claims"]
    ids = {id for claim in claims for rule in claim["rules"] for id in rule["checkpoints"]}
    checkpoints = {id: Checkpoint(home, id) for id in ids if (home / f"models/{id}").exists()}
    if not checkpoints: raise ValueError(f"no checkpoint of a claim is in {home}/models")
    differing = 0
    for claim in claims:
        ours = status(claim, checkpoints)
        print(f"{claim['id']}: {ours}")
        if ours != claim["status"]:
            differing += 1
            print(f"{claim['id']}: {ours}, published {claim['status']}", file=sys.stderr)
    return 1 if differing else 0


try:
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
except (OSError, KeyError, ValueError) as error:
    print(f"decide: {error}", file=sys.stderr)
    sys.exit(2)
