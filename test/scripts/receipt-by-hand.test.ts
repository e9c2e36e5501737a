/** The commands with which fixtures/README.md checks a receipt without our code, given to a real shell. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { importPrivateKey, newPrivateKey } from "../../src/receipts/keys.ts";
import { writeReceipt } from "../../src/receipts/receipt.ts";
import { ID, ROOT } from "../home.ts";
import { reportOfOne } from "../receipts/report.ts";

const page = readFileSync(join(ROOT, "fixtures/README.md"), "utf8");
const [openssl = "", cosign = ""] = page
  .slice(page.indexOf("\n## Receipts\n"))
  .split("\n\n")
  .filter((block) => block.startsWith("    "));

const model = join(ROOT, `models/${ID}/model.onnx`);
const key = await importPrivateKey(await newPrivateKey(), "key");
const report = reportOfOne();
for (const { sha256 } of report.checkpoints)
  sha256.model = createHash("sha256").update(readFileSync(model)).digest("hex");
const receipt = await writeReceipt(report, key);

/** What the commands print, given a receipt. */
function run(commands: string, text: string) {
  const folder = mkdtempSync(join(tmpdir(), "rethink-"));
  try {
    writeFileSync(join(folder, "receipt.intoto.jsonl"), text);
    writeFileSync(join(folder, "key.pem"), key.publicPem);
    return spawnSync("sh", ["-c", commands], { cwd: folder, encoding: "utf8" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const changed = receipt.replace(/"payload":"ey/, '"payload":"ez');
const isHere = (name: string) => !spawnSync(name, ["-c", "true"]).error;

for (const [tool, commands] of Object.entries({ openssl, cosign })) {
  if (!isHere("sh") || !isHere(tool)) {
    console.log(`skipped: a receipt checked with ${tool}: it is not here`);
    continue;
  }
  const verified = (text: string) => {
    const { stdout, stderr } = run(commands.replace(`models/${ID}/model.onnx`, model), text);
    return { stdout, count: `${stdout}${stderr}`.match(/^Verified OK$/gm)?.length };
  };
  test(`the page's commands verify a receipt with ${tool}, and refuse a changed one`, () => {
    const { stdout, count } = verified(receipt);
    assert.is(count, 2);
    const fingerprint = `${key.keyid.slice("SHA256:".length)}=`;
    if (tool === "openssl") assert.is(stdout.trim().split("\n").at(-1), fingerprint);
    assert.is(verified(changed).count, 1);
  });
}

test.run();
