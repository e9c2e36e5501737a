/** A clone with core.autocrlf=true, Windows' default, has every published file byte for byte. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sha256Hex } from "../src/datasets/digest.ts";
import { ROOT } from "./home.ts";

const PUBLISHED = ["models", "fixtures"];

function git(folder: string, args: string[], input?: string): string {
  return execFileSync("git", ["-C", folder, ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    stdio: ["pipe", "pipe", "ignore"],
    ...(input !== undefined && { input }),
  });
}

/** Whether this is a repository of its own, with something committed. */
function committed(): boolean {
  try {
    return git(ROOT, ["ls-tree", "--name-only", "HEAD", ".gitattributes"]).trim() !== "";
  } catch {
    return false;
  }
}

if (!committed())
  console.log("skipped: a clone with core.autocrlf=true: this is no git repository, or has no git");
else {
  test("every published file of a clone with core.autocrlf=true is the committed one", async () => {
    const clone = mkdtempSync(join(tmpdir(), "rethink-"));
    try {
      git(ROOT, ["clone", "--quiet", "--shared", "--config", "core.autocrlf=true", ".", clone]);
      const tree = git(ROOT, ["ls-tree", "-r", "-z", "HEAD", ...PUBLISHED]).split("\0");
      const files = tree.filter(Boolean).map((line) => line.split("\t") as [string, string]);
      assert.ok(files.length > 0);
      const paths = files.map(([, path]) => path);
      const asked = ["hash-object", "--no-filters", "--stdin-paths"];
      const found = git(clone, asked, paths.join("\n")).trim().split("\n");
      const blobs = files.map(([entry]) => entry.split(" ")[2]);
      assert.equal(
        paths.filter((_, k) => found[k] !== blobs[k]),
        [],
      );
      // And once by the digests that verify holds them to.
      for (const path of paths.filter((p) => p.endsWith("checkpoint.json"))) {
        const { history } = JSON.parse(readFileSync(join(clone, path), "utf8"));
        const bytes = readFileSync(join(clone, path, "..", history.file));
        assert.is(await sha256Hex(new Uint8Array(bytes)), history.sha256, path);
      }
      assert.is(git(clone, ["status", "--porcelain"]), "");
    } finally {
      rmSync(clone, { recursive: true });
    }
  });
}

test.run();
