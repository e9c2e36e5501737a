/** What decides a training's bits, compared: which switch, library or device is another. */
import type { ComputedWith } from "./checkpoint.ts";

/** Every name with its value in both; what is not there is undefined. */
function pairs(a: Record<string, string> = {}, b: Record<string, string> = {}) {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return names.map((name): [string, string | undefined, string | undefined] => [
    name,
    a[name],
    b[name],
  ]);
}

/** What is otherwise here than where it was published, a phrase each; none where nothing is. */
export function differencesBetween(published: ComputedWith, here: ComputedWith): string[] {
  const plain = (["backend", "version", "device", "threads"] as const).map(
    (name): [string, string, string] => [name, `${published[name]}`, `${here[name]}`],
  );
  const all = [
    ...plain,
    ...pairs(published.environment, here.environment),
    ...pairs(published.libraries, here.libraries),
  ];
  return all
    .filter(([, there, now]) => there !== now)
    .map(([name, there = "not set", now = "not set"]) => `${name} is ${now}, not ${there}`);
}
