/** What goes into an archive: of a checkpoint, or of a claim with every published checkpoint that bears on it. */
import type { Claim } from "../../claims/claim.ts";
import { bearingOn } from "../../claims/seeds.ts";
import { sha256Hex } from "../../datasets/digest.ts";
import type { Checkpoint } from "../../evaluation/checkpoint.ts";
import type { Fixture } from "../../evaluation/fixture.ts";
import { knownIds } from "../../evaluation/published.ts";
import { claimsIn } from "../../verification/pack.ts";
import { Problem } from "../answers/problem.ts";
import type { Service } from "../service.ts";
import { archiveReadme, decidedBy, hasScripts, PAPERS } from "./archive-readme.ts";
import { knownFor } from "./bearing.ts";
import { checkpointOf, fileOf, publishedFile, publishedFixture } from "./published.ts";

/** Paths with what lies there. */
type Files = Record<string, { bytes: Uint8Array<ArrayBuffer>; sha256: string }>;

/** Made here, where all else is a file of the project. */
export const README = "README.md";

/** What an archive is of. */
export interface Subject {
  /** Its folder's name, a checkpoint's or a claim's id. */
  id: string;
  statement: string;
  checkpoints: Checkpoint[];
  /** What these decide. */
  claims: Claim[];
}

export async function ofCheckpoint(service: Service, checkpoint: Checkpoint): Promise<Subject> {
  const { id } = checkpoint;
  const statement = "A checkpoint of Rethink, with what is claimed of it:";
  const known = await knownIds(service.project);
  const claims = decidedBy([id], known, claimsIn(service.project));
  return { id, statement, checkpoints: [checkpoint], claims };
}

/**
 * A claim with every published checkpoint that bears on it.
 * @throws Problem if there is none.
 */
export async function ofClaim(service: Service, claim: Claim): Promise<Subject> {
  const known = await knownFor(service, [claim]);
  const there = (id: string) => known.includes(id);
  const ids = bearingOn(claim, there).filter(there);
  if (ids.length === 0) {
    throw new Problem("not-found", `no checkpoint that bears on ${claim.id} is published`);
  }
  const checkpoints = await Promise.all(ids.map((id) => checkpointOf(service, id)));
  const statement = `A claim of Rethink, with all that decides it:

> ${claim.statement} (${claim.where})
`;
  return { id: claim.id, statement, checkpoints, claims: [claim] };
}

/** A file of the project that goes into an archive, with its SHA-256 where that is published. */
interface Entry {
  path: string;
  sha256?: string;
}

/** Of what was made elsewhere there is no more to tell than its model and its fixture. */
function entriesOf({ id, recipe, model, history }: Checkpoint, { splits }: Fixture): Entry[] {
  const at = `models/${id}`;
  const told = [
    { path: `${at}/history.json`, sha256: history.sha256 },
    { path: `${at}/checkpoint.json` },
  ];
  return [
    { path: `${at}/model.onnx`, sha256: model.sha256 },
    ...(recipe.kind === "given" ? [] : told),
    { path: `fixtures/${id}.json` },
    ...Object.values(splits).map(({ predictions: { file, sha256 } }) => ({
      path: `fixtures/${file}`,
      sha256,
    })),
  ];
}

async function fixturesOf(service: Service, { checkpoints }: Subject): Promise<Fixture[]> {
  return await Promise.all(checkpoints.map((one) => publishedFixture(service, one)));
}

/** All that an archive has of the project. */
async function allEntries(service: Service, subject: Subject): Promise<Entry[]> {
  const { project } = service;
  const { checkpoints } = subject;
  const fixtures = await fixturesOf(service, subject);
  const cards = checkpoints.map(({ id }) => `models/${id}/README.md`);
  const optional = new Set([...PAPERS, ...(project.claims ? [project.claims.file] : []), ...cards]);
  const there = await Promise.all([...optional].map((path) => project.exists(path)));
  return [
    ...[...optional].filter((_, k) => there[k]).map((path) => ({ path })),
    ...checkpoints.flatMap((one, k) => entriesOf(one, fixtures[k] as Fixture)),
  ];
}

/** Tells archives apart without reading what goes into them; undefined where nothing can tell. */
export async function versionsOf(service: Service, subject: Subject): Promise<string | undefined> {
  const entries = await allEntries(service, subject);
  const versions = await Promise.all(entries.map(({ path }) => service.project.version(path)));
  if (versions.includes(undefined)) return undefined;
  const claims = subject.claims.map(({ id }) => id);
  return JSON.stringify([subject.id, claims, entries.map(({ path }) => path), versions]);
}

/** Everything that an archive holds, with the digests checked that are published. */
export async function contentsOf(service: Service, subject: Subject): Promise<Files> {
  const { id, statement, claims } = subject;
  const files: Files = {};
  for (const { path, sha256 } of await allEntries(service, subject)) {
    files[path] = sha256
      ? { bytes: await publishedFile(service, path, sha256), sha256 }
      : await fileOf(service, path);
  }
  const readme = archiveReadme(id, statement, await fixturesOf(service, subject), claims, {
    scripts: await hasScripts(service),
    all: claimsIn(service.project),
  });
  const text = new TextEncoder().encode(readme);
  files[README] = { bytes: text, sha256: await sha256Hex(text) };
  return files;
}
