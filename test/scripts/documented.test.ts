/** The pages for people, held against what there is: links, npm scripts, variables, parts of the bench. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import about from "../../package.json" with { type: "json" };
import { isPublished, PUBLISHED } from "../../scripts/pack/manifest.ts";
import { settingsHelp } from "../../src/http/settings.ts";
import { ROOT } from "../home.ts";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** The files below a folder of the repository, or the file itself. */
function filesIn(path: string): string[] {
  if (statSync(join(ROOT, path)).isFile()) return [path];
  return readdirSync(join(ROOT, path), { recursive: true, encoding: "utf8" })
    .map((name) => `${path}/${name}`)
    .filter((name) => statSync(join(ROOT, name)).isFile());
}

const PAGES = [
  ...["README.md", "TERMS.md", ".github/CONTRIBUTING.md", ".github/SECURITY.md"],
  ...["fixtures", "src", "scripts"].flatMap(filesIn).filter((path) => path.endsWith(".md")),
];
const told = [...PAGES.map(read), settingsHelp()].join("\n");

/** Where the links of a page lead in the repository. */
function linksOf(path: string): string[] {
  return [...read(path).matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)].map(([, to = ""]) =>
    normalize(join(dirname(path), to)),
  );
}

test("every link leads somewhere", () => {
  const links = PAGES.flatMap(linksOf);
  assert.ok(links.includes("src/cli/README.md"));
  assert.equal(
    links.filter((path) => !existsSync(join(ROOT, path))),
    [],
  );
});

test("every link of a page of the package leads to a file of it", () => {
  const packed = new Set(PUBLISHED.flatMap(filesIn).filter(isPublished));
  const pages = [...packed].filter((path) => path.endsWith(".md"));
  assert.ok(pages.includes("models/mlp-1x512.true/README.md"));
  assert.equal(
    pages.flatMap(linksOf).filter((path) => !packed.has(path)),
    [],
  );
});

test("every npm script is named", () => {
  const called = ["preinstall", "postpack"]; // by npm itself
  const known = (name: string) => new RegExp(`npm (run (-s )?)?${name}\\b`).test(told);
  const unknown = Object.keys(about.scripts).filter(
    (name) => !called.includes(name) && !known(name),
  );
  assert.equal(unknown, []);
});

test("every variable that is read is named", () => {
  const code = ["src", "scripts"]
    .flatMap(filesIn)
    .filter((path) => /\.(tsx?|py)$/.test(path) && !path.endsWith("settings.ts"));
  const names = code.flatMap((path) => read(path).match(/\bRETHINK_[A-Z0-9_]*[A-Z0-9]\b/g) ?? []);
  assert.ok(names.includes("RETHINK_MNIST"));
  const unknown = [...new Set(names)].filter((name) => !new RegExp(`\\b${name}\\b`).test(told));
  assert.equal(unknown, []);
  assert.match(settingsHelp(), /^ {2}RETHINK_MNIST /m);
});

test("every part of the bench is named", () => {
  const [, parts = ""] = /`npm run bench \[-- (.+?)\]`/.exec(read("scripts/bench.ts")) ?? [];
  const page = read(".github/CONTRIBUTING.md");
  assert.ok(parts.split(" | ").length > 5);
  for (const part of parts.split(" | ")) assert.match(page, `\`${part}\``, part);
});

test.run();
