/** A project folder with one published checkpoint, to be tampered with. */
import { createHash } from "node:crypto";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../", import.meta.url));
export const ID = "theorem1.random-labels";

/** A new folder that holds models and fixtures of ID alone. */
export function homeOfOne(): string {
  return homeOf([ID]);
}

/** A new folder that holds models and fixtures of these alone. */
export function homeOf(ids: string[]): string {
  const home = mkdtempSync(join(tmpdir(), "rethink-"));
  const parts = ids.flatMap((id) => [
    `models/${id}`,
    `fixtures/${id}.json`,
    ...["train", "test"].map((split) => `fixtures/predictions/${id}.${split}.bin`),
  ]);
  mkdirSync(join(home, "fixtures/predictions"), { recursive: true });
  for (const part of parts) cpSync(join(ROOT, part), join(home, part), { recursive: true });
  return home;
}

export function flipByte(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(path, bytes);
}

/** Replaces the first occurrence of a text that must be there. */
export function edit(path: string, from: string, to: string): void {
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
  writeFileSync(path, text.replace(from, to));
}

/** Publishes another model as one that is there. */
export function putModel(home: string, bytes: Uint8Array, id = ID): void {
  const path = join(home, `models/${id}/model.onnx`);
  const [was, is] = [readFileSync(path), bytes].map((model) =>
    createHash("sha256").update(model).digest("hex"),
  ) as [string, string];
  writeFileSync(path, bytes);
  for (const about of [`models/${id}/checkpoint.json`, `fixtures/${id}.json`])
    edit(join(home, about), was, is);
}

/** Every file below a folder with its SHA-256. */
export function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
  return Object.fromEntries(
    files.map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex"),
    ]),
  );
}
