/** Receipts by command line: the key is made once, files and exit codes say what happened. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { verifyReceipt } from "../../src/cli/receipt.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { refusal } from "../refusal.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const launch = "Deno" in globalThis ? ["run", "-A"] : ["--import", "tsx"];
await openDataset();

const test = suite("receipt", { folder: "" });
test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "rethink-"));
});
test.after.each((context) => rmSync(context.folder, { recursive: true }));

function rethink(folder: string, args: string[], environment: Record<string, string> = {}) {
  const file = join(folder, "signing-key.pem");
  const run = spawnSync(process.execPath, [...launch, join(root, "src/cli/main.ts"), ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, RETHINK_SIGNING_KEY_FILE: file, ...environment },
  });
  return { code: run.status, out: run.stdout, error: run.stderr.trim() };
}

test("verify --receipt signs what receipt verify checks", ({ folder }) => {
  const receipt = join(folder, "r.intoto.jsonl");
  const key = join(folder, "key.pem");
  const only = ["--checkpoint", "theorem1.random-labels", "--claim", "theorem-1"];
  const made = rethink(folder, ["verify", "--shards", "1", ...only, "--receipt", receipt]);
  assert.is(made.code, 0, made.error);
  assert.is(statSync(join(folder, "signing-key.pem")).mode & 0o777, 0o600);
  writeFileSync(key, rethink(folder, ["receipt", "key"]).out);

  const checked = rethink(folder, ["receipt", "verify", receipt, "--key", key]);
  assert.is(checked.code, 0, checked.error);
  assert.match(
    checked.out,
    /^PASSED \(2 passed, 0 warned, 0 failed\) on 2.*, signed by SHA256:[\w+/]{43}\n/,
  );
  assert.match(checked.out, /^claim theorem-1: reproduced$/m);
  assert.match(
    checked.out,
    /^checkpoint theorem1\.random-labels: match; train 1 of 50 shards, test 1 of 10 shards/m,
  );

  const about = (...wanted: string[]) =>
    rethink(folder, ["receipt", "verify", receipt, "--key", key, ...wanted]);
  assert.is(about("--claim", "theorem-1", "--checkpoint", "theorem1.random-labels").code, 0);
  const other = about("--claim", "theorem-1", "table-1.alexnet");
  assert.is(other.code, 1);
  assert.match(other.error, /^rethink: .*: it is not about the claim table-1\.alexnet$/);
  assert.match(
    about("--checkpoint", "alexnet.true").error,
    /not about the checkpoint alexnet\.true$/,
  );

  writeFileSync(receipt, readFileSync(receipt, "utf8").replace(/"payload":"e/g, '"payload":"f'));
  const tampered = rethink(folder, ["receipt", "verify", receipt, "--key", key]);
  assert.is(tampered.code, 1);
  assert.match(
    tampered.error,
    /^rethink: .*r\.intoto\.jsonl: no signature of the key SHA256:\S+ fits.*$/,
  );
});

test("a receipt that could not be written is refused before the long part", ({ folder }) => {
  const verify = (receipt: string) => rethink(folder, ["verify", "--full", "--receipt", receipt]);
  const there = verify(folder);
  assert.is(there.code, 2);
  assert.match(there.error, /^rethink: .* is a folder; name a file in it$/);
  const none = verify("");
  assert.is(none.code, 2);
  assert.match(none.error, /it must name a file\./);
});

test("a claim that is not reproduced fails its receipt, whoever has stopped to read", async ({
  folder,
}) => {
  const receipt = join(folder, "r.intoto.jsonl");
  const key = join(folder, "key.pem");
  writeFileSync(key, rethink(folder, ["receipt", "key"]).out);
  const claim = "table-4.mlp-1x512.random-labels.wd"; // 98.92 % are met, 99 % are wanted
  const args = ["verify", "--shards", "1", "--claim", claim, "--receipt", receipt];
  const child = spawn(process.execPath, [...launch, join(root, "src/cli/main.ts"), ...args], {
    cwd: root,
    env: { ...process.env, RETHINK_SIGNING_KEY_FILE: join(folder, "signing-key.pem") },
    stdio: ["ignore", "pipe", "ignore"],
  });
  child.stdout.destroy();
  assert.is(await new Promise((resolve) => child.on("close", resolve)), 1);
  const checked = rethink(folder, ["receipt", "verify", receipt, "--key", key]);
  assert.is(checked.code, 1);
  assert.match(checked.out, /^FAILED \(1 passed, 0 warned, 1 failed\)/);
});

test("half a gigabyte of nothing is refused unread", ({ folder }) => {
  const [file, key] = [join(folder, "r.intoto.jsonl"), join(folder, "key.pem")];
  writeFileSync(key, rethink(folder, ["receipt", "key"]).out);
  for (const path of [file, "/dev/zero"]) {
    if (path === file) {
      writeFileSync(file, "\n");
      truncateSync(file, 500_000_000);
    }
    const run = rethink(folder, ["receipt", "verify", path, "--key", key]);
    assert.is(run.code, 2, run.error);
    assert.match(run.error, /^rethink: \S+ has more than 16777216 bytes; is it the right file\?$/);
  }
});

test("groups and patterns, which verify takes, are no failed receipt", async () => {
  const asked = (wanted: { claim?: string[]; checkpoint?: string[] }) =>
    refusal(verifyReceipt("none.jsonl", { key: "none.pem", ...wanted }));
  const line = /^"Theorem 1" is no id, and a receipt is asked for ids alone$/;
  assert.match(await asked({ claim: ["theorem-1", "Theorem 1"] }), line);
  assert.match(await asked({ checkpoint: ["mlp-*"] }), /^"mlp-\*" is no id/);
  assert.match(await asked({ claim: ["theorem-1"] }), /^cannot read none\.pem/);
});

test("wrong use is one line and exits with 2", ({ folder }) => {
  const junk = join(folder, "junk.pem");
  writeFileSync(junk, "junk");
  const cases: [string[], RegExp, Record<string, string>?][] = [
    [["receipt", "verify", junk, "--key", junk], /junk\.pem must hold an ECDSA P-256 public key/],
    [["receipt", "verify", junk, "--key", "none.pem"], /cannot read none\.pem \(ENOENT\)/],
    [["receipt", "key"], /RETHINK_SIGNING_KEY must hold/, { RETHINK_SIGNING_KEY: "junk" }],
    [["receipt", "key"], /junk\.pem must hold/, { RETHINK_SIGNING_KEY_FILE: junk }],
    [["receipt", "key"], /cannot read the signing key/, { RETHINK_SIGNING_KEY_FILE: folder }],
    [
      ["receipt", "key"],
      /cannot read the signing key .*ENOTDIR|cannot write/,
      { RETHINK_SIGNING_KEY_FILE: join(junk, "key.pem") },
    ],
  ];
  for (const [args, line, environment] of cases) {
    const run = rethink(folder, args, environment);
    assert.match(run.error, line);
    assert.is(run.error.split("\n").length, 1);
    assert.is(run.code, 2, args.join(" "));
  }
});

test.run();
