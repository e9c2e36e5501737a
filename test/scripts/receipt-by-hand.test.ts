/** The commands with which fixtures/README.md checks a receipt by hand, given to a real shell. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { importPrivateKey, newPrivateKey } from "../../src/receipts/keys.ts";
import { writeReceipt } from "../../src/receipts/receipt.ts";
import { ROOT } from "../home.ts";
import { reportOfOne } from "../receipts/report.ts";

const missing = ["sh", "openssl"].find((name) => spawnSync(name, ["-c", "true"]).error);
if (missing) console.log(`skipped: a receipt checked by hand: ${missing} is not here`);
else {
  test("the page's commands verify a receipt, and refuse a changed one", async () => {
    const page = readFileSync(join(ROOT, "fixtures/README.md"), "utf8");
    const section = page.slice(page.indexOf("\n## Receipts\n"));
    const commands = section.split("\n").filter((line) => line.startsWith("    "));
    assert.ok(commands.length > 5);
    const key = await importPrivateKey(await newPrivateKey(), "key");
    const receipt = await writeReceipt(reportOfOne(), key);
    const folder = mkdtempSync(join(tmpdir(), "rethink-"));
    const run = (text: string) => {
      writeFileSync(join(folder, "receipt.intoto.jsonl"), text);
      writeFileSync(join(folder, "key.pem"), key.publicPem);
      return spawnSync("sh", ["-c", commands.join("\n")], { cwd: folder, encoding: "utf8" });
    };
    const { stdout } = run(receipt);
    const fingerprint = key.keyid.slice("SHA256:".length);
    assert.equal(stdout.trim().split("\n"), ["Verified OK", "Verified OK", `${fingerprint}=`]);
    const changed = run(receipt.replace(/"payload":"ey/, '"payload":"ez'));
    assert.is(changed.stdout.match(/Verified OK/g)?.length, 1);
    rmSync(folder, { recursive: true });
  });
}

test.run();
