/** What the pages show, kept for as long as the files that it was read from stay the same. */
import type { Numbers } from "../../cards/published-numbers.ts";
import { publishedIds, readHistory } from "../../evaluation/published.ts";
import type { Site } from "../../web/site.ts";
import type { Service } from "../service.ts";
import { checkpointOf, publishedFile, publishedFixture } from "./published.ts";

/** How late a change on disk may show, in milliseconds: to look for one takes a look at every file. */
const LATE = 5000;

async function numbersOf(service: Service, id: string): Promise<Numbers> {
  const checkpoint = await checkpointOf(service, id);
  const fixture = await publishedFixture(service, checkpoint);
  const history = await readHistory(service.project, checkpoint);
  const { file, sha256 } = fixture.splits.test.predictions;
  const test = await publishedFile(service, `fixtures/${file}`, sha256);
  return { checkpoint, fixture, history, predictions: { test } };
}

async function versionOf({ project }: Service, ids: string[]): Promise<string> {
  const files = ids.flatMap((id) => [
    `models/${id}/${project.ids ? "model.onnx" : "checkpoint.json"}`,
    ...(project.ids ? [] : [`models/${id}/history.json`]),
    `fixtures/${id}.json`,
  ]);
  const versions = await Promise.all(files.map((path) => project.version(path)));
  // Where a version cannot be told, the site is read again.
  return versions.includes(undefined) ? crypto.randomUUID() : [...ids, ...versions].join("\n");
}

/** @throws MismatchError where published files contradict each other. */
export function siteReader(service: Service): () => Promise<Site> {
  let kept: { version: string; site: Site } | undefined;
  let reading: Promise<Site> | undefined;
  let looked = 0;

  async function read(): Promise<Site> {
    const ids = await publishedIds(service.project);
    const version = await versionOf(service, ids);
    if (kept?.version !== version) {
      const numbers = await Promise.all(ids.map((id) => numbersOf(service, id)));
      const { siteOf } = await import("../../web/site.ts"); // no start should wait for it
      kept = { version, site: siteOf(numbers, service.project.claims?.all) };
    }
    looked = Date.now();
    return kept.site;
  }

  return async () => {
    if (kept && Math.abs(Date.now() - looked) < LATE) return kept.site;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return await reading;
  };
}
