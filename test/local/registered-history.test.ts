/** What was registered when, in clones of a few commits. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Registered, unregistered } from "../../src/claims/registered.ts";
import { InputError, MismatchError } from "../../src/datasets/storage.ts";
import { checkHistory } from "../../src/local/registered-history.ts";

const test = suite("registered", { folder: "" });
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "rethink-registered-"));
  git(context.folder, "init", "-q");
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

function git(folder: string, ...args: string[]): void {
  const who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
  execFileSync("git", [...who, ...args], { cwd: folder, stdio: "ignore" });
}

function commit(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  git(folder, "add", "-A");
  git(folder, "commit", "-qm", "one more");
}

const sha256 = "0".repeat(64);
const claim = { id: "c", sha256, checkpoints: ["m"] };
const recipe = { id: "m", sha256 };
const FILE = "fixtures/registered.json";
const model = { "models/m/model.onnx": "model" };

function list(recipes: object[], claims: object[]) {
  const registered = { recipes, claims };
  return { registered: registered as never, files: { [FILE]: JSON.stringify(registered) } };
}

function refused(folder: string, registered: never, message: RegExp, kind = MismatchError): void {
  try {
    checkHistory(folder, registered);
  } catch (error) {
    assert.instance(error, kind);
    assert.match((error as Error).message, message);
    return;
  }
  assert.unreachable("it was not refused");
}

test("what came in a commit before the model is registered in time", ({ folder }) => {
  const { registered, files } = list([recipe], [claim]);
  commit(folder, files);
  assert.equal(checkHistory(folder, registered), { before: 0, late: 0, open: 2 });
  commit(folder, model);
  assert.equal(checkHistory(folder, registered), { before: 2, late: 0, open: 0 });
});

test("with the model, after it or not committed is not in time, unless it says so", ({
  folder,
}) => {
  const { registered, files } = list([recipe], [claim]);
  commit(folder, { ...files, ...model });
  refused(folder, registered, /^m was registered in \w+, not before m was published/);
  const more = list([], [{ ...claim, late: "so it was" }]);
  commit(folder, { [FILE]: JSON.stringify({ recipes: [], claims: [] }) });
  git(folder, "commit", "-q", "--amend", "-m", "none");
  refused(folder, more.registered, /m was changed or moved/);
});

test("late entries are counted", ({ folder }) => {
  const { registered, files } = list([], [{ ...claim, late: "so it was" }]);
  commit(folder, { ...files, ...model });
  assert.equal(checkHistory(folder, registered), { before: 0, late: 1, open: 0 });
});

test("an entry that no commit has is not in time", ({ folder }) => {
  commit(folder, model);
  refused(folder, list([recipe], []).registered, /registered in no commit/);
});

test("what was registered stays, in its order", ({ folder }) => {
  const other = { ...claim, id: "d" };
  commit(folder, list([], [claim, other]).files);
  refused(folder, list([], [other, claim]).registered, /c was changed or moved here/);
  refused(
    folder,
    list([], [{ ...claim, sha256: "1".repeat(64) }, other]).registered,
    /c was changed/,
  );
});

test("what an entry is about is part of it", ({ folder }) => {
  commit(folder, { ...list([], [claim]).files, ...model });
  const none = list([], [{ ...claim, checkpoints: [] }]).registered;
  refused(folder, none, /c was changed or moved here/);
  const now = list([], [claim]).registered as Registered;
  assert.equal(unregistered(none, now).claims, [claim]);
  assert.equal(unregistered(now, now).claims, []);
});

test("a folder without history is refused in one line", ({ folder }) => {
  rmSync(join(folder, ".git"), { recursive: true });
  refused(folder, list([], []).registered, /this needs a clone with its history/, InputError);
});

test.run();
