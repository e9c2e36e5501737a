"""Decides every claim with none of Rethink's code, on Python alone: decide.py [FOLDER]

The rules are those of fixtures/README.md, their bounds those of fixtures/claims.json. Counts are
read from fixtures/<id>.json, which audit.py recomputes; nets are compared example by example, from
fixtures/predictions and fixtures/test-labels.json. Weights and norms are taken as published. A file
that is not the published one, by its SHA-256, fails the rules on its checkpoint. Beside each status:
our number, the bound, the paper's numbers (in percent, unless the rule has another unit); ✗ is a
rule that fails. What comes out otherwise than published goes to stderr, exit 1.
"""
import argparse, hashlib, json, math, pathlib, sys
from fractions import Fraction

INFINITE = math.inf
ON_ANSWERS = "better", "agree", "agree-at-chance"
ON_HITS = {"stopping-gains": ["test"], "unchanged-first": ["unchanged", "changed"]}
ON_HISTORY = "fits-online", "loss-order", "time-grows", "stopping-gains", "unchanged-first"


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


def mcnemar(a, b):
    """How likely a fair coin falls as unevenly as a and b, to either side."""
    n = a + b
    return min(Fraction(1), Fraction(2 * sum(math.comb(n, k) for k in range(max(a, b), n + 1)), 2**n))


class Checkpoint:
    def __init__(self, home, id):
        self.differing = []  # from what is published of it
        read = lambda path: json.loads((home / path).read_bytes())
        def checked(path, digest):
            data = (home / path).read_bytes()
            if hashlib.sha256(data).hexdigest() != digest: self.differing.append(f"{path} is not the published one")
            return data
        fixture, published = read(f"fixtures/{id}.json"), read(f"models/{id}/checkpoint.json")
        splits = fixture["splits"]
        for key, ours in ("sha256", published["model"]["sha256"]), ("view", published["recipe"]["view"]):
            if fixture[key] != ours: self.differing.append(f"fixtures/{id}.json has another {key} than checkpoint.json")
        self.history = json.loads(checked(f"models/{id}/history.json", published["history"]["sha256"]))
        self.weights, self.norm = published["model"]["parameters"], published["model"].get("norm")
        answers = f"fixtures/predictions/{id}.test.bin"
        self.answers = checked(answers, splits["test"]["predictions"]["sha256"]) if (home / answers).exists() else None
        self.labels = read("fixtures/test-labels.json")[published["recipe"]["view"]["dataset"]] if self.answers else ""
        self.met_each = [a == int(label) for a, label in zip(self.answers or b"", self.labels)]
        self.misses = splits["test"]["total"] - splits["test"]["correct"]
        self.confident = splits["test"]["margin"].get("confidentMisses")
        self.examples, self.hits = splits["train"]["total"], splits["test"]["correct"]
        self.train, self.test = (Fraction(of["correct"], of["total"]) for of in (splits["train"], splits["test"]))
        self.gap = self.train - self.test
        self.online = [Fraction(round(e["accuracy"] * self.examples), self.examples) for e in self.history]
        recipe = published["recipe"]
        ended = [e["epoch"] >= recipe.get("epochs", INFINITE) or e["loss"] < recipe.get("targetLoss", 0) for e in self.history]
        self.whole = True in ended and ended.index(True) == len(ended) - 1  # trained to its end, and no further

    def epochs(self, reached):
        return next((k + 1 for k, met in enumerate(self.online) if met >= reached), INFINITE)

    def met(self, which, reached):
        """The first epoch after which the share of a kind of examples was met."""
        return next((k + 1 for k, share in enumerate(self.shares(which)) if share >= reached), INFINITE)

    def lost(self):
        """Test accuracy after the best epoch less that after the last."""
        return max(shares := self.shares("test")) - shares[-1]

    def shares(self, which):
        """The share of a kind of examples that was met after each epoch."""
        return [Fraction(e["hits"][which]["correct"], e["hits"][which]["total"]) for e in self.history]

    def counted(self, *which):
        return all(kind in e.get("hits", {}) for e in self.history for kind in which)

    def steps(self, threshold):
        before = 0
        for epoch in self.history:
            size = epoch["steps"] - before
            for k, loss in enumerate(epoch["losses"]):
                if loss < threshold: return before + math.ceil(Fraction((k + 1) * size, 10))
            before = epoch["steps"]
        return INFINITE


def alone(first, second):
    """How many test examples the first meets and the second does not, and the other way round."""
    pairs = list(zip(first.met_each, second.met_each))
    return pairs.count((True, False)), pairs.count((False, True))


def measured(rule, those):
    """The numbers that a rule is about: of every checkpoint, or of the last less the first."""
    first, last = those[0], those[-1]
    kind = rule["kind"]
    if kind == "weights": return [first.weights]
    if kind in ("fits", "fails-to-converge"): return [first.train]
    if kind == "fits-online": return [first.online[-1]]
    if kind in ("at-chance", "generalizes"): return [first.test]
    if kind == "gap": return [first.gap]
    if kind == "confidently-wrong": return [Fraction(first.confident, max(1, first.misses))]
    if kind == "gap-jumps": return [last.gap - first.gap]
    if kind == "gain": return [last.test - first.test]
    if kind == "better": return alone(first, last)
    if kind in ("agree", "agree-at-chance"): return [Fraction(sum(a == b for a, b in zip(first.answers, last.answers)), len(first.answers))]
    if kind == "diluted": return [last.test - (1 - (p := Fraction(*rule["fraction"]))) * first.test - p / 10]
    if kind == "norm-grows": return [first.norm, last.norm]
    if kind == "outweighs": return [b.test - a.test for a, b in zip(those[::2], those[1::2])]
    if kind == "stopping-gains": return [first.lost()]
    if kind == "unchanged-first": return [first.met(which, Fraction(*rule["reached"])) for which in ("unchanged", "changed")]
    if kind == "error-grows": return [1 - c.test for c in those]
    if kind == "loss-order": return [c.steps(rule["threshold"]) for c in those]
    if kind == "time-grows": return [c.epochs(Fraction(*rule["reached"])) for c in those]
    raise ValueError(f"no rule is called {rule['kind']}")


def holds(rule, those, numbers):
    first = numbers[0]
    within = lambda x: Fraction(*rule.get("atLeast", (-100, 1))) <= x <= Fraction(*rule.get("atMost", (100, 1)))
    kind = rule["kind"]
    if kind == "weights": return first == rule["equals"]
    if kind == "at-chance": return LOW <= those[0].hits <= HIGH
    if kind == "generalizes": return those[0].hits > HIGH and within(first)
    if kind == "better": return numbers[1] > first and mcnemar(*numbers) <= Fraction(1, 1000)
    if kind == "agree-at-chance": return LOW <= first * 10_000 <= HIGH
    if kind == "diluted": return abs(first) <= Fraction(*rule["atMost"])
    if kind == "norm-grows": return Fraction(str(numbers[1])) >= Fraction(*rule["atLeast"]) * Fraction(str(first))
    if kind == "outweighs": return all(first > other for other in numbers[1:])
    if kind == "unchanged-first": return first < numbers[1]
    if kind == "error-grows": return all(a < b for a, b in zip(numbers, numbers[1:]))
    if kind == "loss-order":
        pairs = zip(numbers, numbers[1:], rule["relations"])
        return INFINITE not in numbers and all(a < b or a == b and relation == "≤" for a, b, relation in pairs)
    if kind == "time-grows":
        epochs = enumerate(numbers[1:])
        return all(first < at <= rule["atMost"] * first and at >= max(numbers[:k + 1]) - 1 for k, at in epochs)
    return within(first)


def told(rule, those, numbers):
    """A rule in a line: our numbers, what is wanted, the paper's numbers, and of a gain what the two meet alone."""
    show = lambda x: f"{float(100 * x):.5g} % = {x}" if isinstance(x, Fraction) else "never" if x == INFINITE else str(x)
    signs = {"equals": "=", "atLeast": "≥", "atMost": "≤", "reached": "reached", "threshold": "loss <"}
    bound = lambda x: "/".join(map(str, x)) if isinstance(x, list) else str(x)
    wanted = [f"{sign} {bound(rule[name])}" for name, sign in signs.items() if name in rule] + rule.get("relations", [])
    if rule["kind"] in ("at-chance", "generalizes"): wanted.insert(0, f"{LOW} to {HIGH} hits" if rule["kind"] == "at-chance" else f"> {HIGH} hits")
    if rule["kind"] == "error-grows": wanted.append("each more than the one before")
    if rule["kind"] == "agree-at-chance": wanted.append(f"{LOW} to {HIGH} the same")
    if rule["kind"] == "better": wanted.append("the second the larger, p ≤ 1/1000")
    if rule["kind"] == "outweighs": wanted.append("the first the largest")
    if rule["kind"] == "unchanged-first": wanted.append("the first the smaller")
    paper = f"; paper: {', '.join('none' if x is None else str(x) for x in rule['paper'])}" if "paper" in rule else ""
    pair = alone(those[0], those[-1]) if rule["kind"] in ("gain", "better") else None
    paired = f"; met by the first alone {pair[0]}, by the second {pair[1]}, p = {float(mcnemar(*pair)):.2g}" if pair else ""
    return f"{rule['kind']} of {', '.join(rule['checkpoints'])}: {', '.join(map(show, numbers))}; wanted {', '.join(wanted)}{paper}{paired}"


def decide(claim, checkpoints):
    """reproduced, not-reproduced or not-evaluated, and a line a rule; what rules lack leaves a claim open unless another fails."""
    found, lines = [], []
    for rule in claim["rules"]:
        those = [checkpoints.get(id) for id in rule["checkpoints"]]
        differing = [line for c in those if c for line in c.differing]
        if differing:
            found.append(False)
            lines.append(f"  ✗ {rule['kind']} of {', '.join(rule['checkpoints'])}: {'; '.join(differing)}")
            continue
        lack = ("no such checkpoint here" if None in those
            else "not trained to its end" if rule["kind"] in ON_HISTORY and not all(c.whole for c in those)
            else "hits not counted after each epoch" if not all(c.counted(*ON_HITS.get(rule["kind"], [])) for c in those)
            else "no predictions here" if rule["kind"] in ON_ANSWERS and not all(c.answers for c in those)
            else "confidence not counted" if rule["kind"] == "confidently-wrong" and not all(c.confident is not None for c in those)
            else "no norm" if rule["kind"] == "norm-grows" and not all(c.norm for c in those) else None)
        if lack:
            found.append(None)
            lines.append(f"    {rule['kind']} of {', '.join(rule['checkpoints'])}: {lack}")
            continue
        numbers = measured(rule, those)
        found.append(holds(rule, those, numbers))
        lines.append(f"  {' ' if found[-1] else '✗'} {told(rule, those, numbers)}")
    if False in found: return "not-reproduced", lines
    return "reproduced" if found and None not in found else "not-evaluated", lines


def main(home, wanted):
    claims = json.loads((home / "fixtures/claims.json").read_bytes())["claims"]
    unknown = set(wanted) - {claim["id"] for claim in claims}
    if unknown: raise ValueError(f"no claim is called {', '.join(sorted(unknown))}")
    claims = [claim for claim in claims if claim["id"] in wanted or not wanted]
    ids = {id for claim in claims for rule in claim["rules"] for id in rule["checkpoints"]}
    checkpoints = {id: Checkpoint(home, id) for id in ids if (home / f"models/{id}").exists()}
    if ids and not checkpoints: raise ValueError(f"no checkpoint of a claim is in {home}/models")
    differing = 0
    for claim in claims:
        ours, lines = decide(claim, checkpoints)
        print(f"{claim['id']}: {ours}", *lines, sep="\n")
        if ours != claim["status"]:
            differing += 1
            print(f"{claim['id']}: {ours}, published {claim['status']}", file=sys.stderr)
    return 1 if differing else 0


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("folder", nargs="?", default=".", help="with fixtures/ and models/: the repository, or an unpacked archive")
parser.add_argument("--claim", action="append", default=[], metavar="ID", help="only this claim, or these; every one without it")
for stream in sys.stdout, sys.stderr: stream.reconfigure(encoding="utf-8")
asked = parser.parse_args()
try:
    sys.exit(main(pathlib.Path(asked.folder), asked.claim))
except Exception as error:  # a traceback would be exit 1, which says that a status differs
    kind = "" if isinstance(error, (OSError, ValueError)) else f"{type(error).__name__}: "
    print(f"decide: {kind}{error}", file=sys.stderr)
    sys.exit(2)
