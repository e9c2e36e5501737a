/** Who may import whom in src/: rooms stand in an order, and platforms are named in few of them. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";

const src = fileURLToPath(new URL("../src/", import.meta.url));

/** Each room may import those before it, and those in its line. A file without a room has one of its own name. */
const ORDER = [
  [
    "base64",
    "beside",
    "command",
    "counted",
    "fraction",
    "issue",
    "make-folder",
    "print",
    "sorted-json",
    "suggestion",
    "prng",
  ],
  ["datasets"],
  ["npm"],
  ["nets"],
  ["recipe", "history"],
  ["regularizers"],
  ["recipes"],
  ["onnx"],
  ["evaluation", "evaluation/runtimes"],
  ["claims"],
  ["verification"],
  ["receipts"],
  ["cards"],
  ["local"],
  ["training"],
  ["http/settings"],
  ["http/answers"],
  ["web"],
  ["http/service", "http/making"],
  ["http/routes"],
  ["http/middleware"],
  ["http/app"],
  ["http/platforms"],
  ["client"],
  ["queue"],
  ["cli"],
];

/** What may be imported by these rooms alone. */
const ONLY_BY: Record<string, string[]> = {
  training: ["cli"], // who serves or verifies needs no TensorFlow
  local: ["http/platforms", "queue", "cli"],
  "http/middleware": ["http/app", "http/platforms"],
  "http/platforms": ["cli"],
  "http/app": ["http/platforms", "client"],
};

/** Where Node or Deno may be named. */
const PLATFORMS = [
  /^evaluation\/runtimes\//,
  /^http\/platforms\//,
  /^(npm|local|queue|cli)\//,
  /^(beside|make-folder)\.ts$/, // files beside others, and their folders
  /^training\//, // TensorFlow is an addon of Node
];

const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.tsx?$/.test(name),
);

/** The text without comments, which may speak of anything. */
function codeOf(file: string): string {
  const text = readFileSync(join(src, file), "utf8");
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "");
}

function roomOf(file: string): string {
  const [first = "", second = "", third] = file.replace(/\.tsx?$/, "").split("/");
  const nested = first === "http" || (first === "evaluation" && third !== undefined);
  return nested ? `${first}/${second}` : first;
}

const specifiers = /(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g;
const code = new Map(files.map((file) => [file, codeOf(file)]));
const imports = new Map(
  [...code].map(([file, text]): [string, string[]] => {
    const own = [...text.matchAll(specifiers)].map(([, to = ""]) => to);
    const within = own.filter((to) => to.startsWith("."));
    return [file, within.map((to) => normalize(join(dirname(file), to)))];
  }),
);

/** Every import from one room of src/ into another. */
function* arrows() {
  for (const [file, targets] of imports) {
    for (const target of targets) {
      if (target.startsWith("..") || target.endsWith(".json")) continue;
      const [from, to] = [roomOf(file), roomOf(target)];
      if (from !== to) yield { from, to, what: `${file} imports ${target}` };
    }
  }
}

test("every room has its place in the order", () => {
  assert.ok([...arrows()].length > ORDER.length, "hardly an import was found");
  const placed = new Set(ORDER.flat());
  for (const file of files) assert.ok(placed.has(roomOf(file)), `${file}: no place in the order`);
});

test("a room imports only what stands before it", () => {
  const place = new Map(ORDER.flatMap((rooms, i) => rooms.map((room) => [room, i] as const)));
  for (const { from, to, what } of arrows()) {
    const before = (place.get(to) ?? 99) <= (place.get(from) ?? -1);
    assert.ok(before, `${what}: ${to} comes after ${from}`);
  }
});

test("what few may import is imported by those alone", () => {
  for (const { from, to, what } of arrows()) {
    const few = ONLY_BY[to];
    assert.ok(!few || few.includes(from), `${what}: ${to} is for ${few?.join(", ")} alone`);
  }
});

test("no file is in a circle of imports", () => {
  const done = new Set<string>();
  function visit(file: string, path: string[]): void {
    assert.ok(!path.includes(file), `a circle: ${[...path, file].join(" → ")}`);
    if (done.has(file)) return;
    for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  }
  for (const file of files) visit(file, []);
});

test("the command line shows its help before it loads what evaluates, trains or serves", () => {
  const loaded = new Set(["cli/main.ts"]);
  const needed = /^(?:import|export)\s(?!type\b)[^;]*?\bfrom "(\.[^"]+)"/gm;
  for (const file of loaded) // those that are added on the way, too
    for (const [, to = ""] of code.get(file)?.matchAll(needed) ?? [])
      loaded.add(normalize(join(dirname(file), to)));
  const rooms = new Set([...loaded].filter((file) => !file.endsWith(".json")).map(roomOf));
  for (const room of ["onnx", "local", "claims", "verification", "http/app"])
    assert.not(rooms.has(room), `cli/main.ts loads ${room}`);
  assert.not(loaded.has("evaluation/evaluate.ts"));
  assert.not(loaded.has("training/train.ts"));
  assert.not(loaded.has("queue/connection.ts"));
});

test("a platform is named only where platforms are", () => {
  for (const [file, text] of code) {
    if (PLATFORMS.some((place) => place.test(file))) continue;
    const named = /"node:|\bDeno\b|\bprocess\.|\bBuffer\b|"tfjs-node|prom-client/.exec(text);
    assert.not.ok(named, `${file} names a platform: ${named?.[0]}`);
  }
});

test.run();
