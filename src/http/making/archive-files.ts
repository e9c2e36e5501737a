/** What goes into an archive: of a checkpoint, or of a claim with every published checkpoint that bears on it. */
import type { Claim } from "../../claims/claim.ts";
import { bearingOn } from "../../claims/seeds.ts";
import { sha256Hex } from "../../datasets/digest.ts";
import type { Checkpoint } from "../../evaluation/checkpoint.ts";
import type { Fixture } from "../../evaluation/fixture.ts";
import { publishedIds } from "../../evaluation/published.ts";
import { claimsIn } from "../../verification/pack.ts";
import { Problem } from "../answers/problem.ts";
import type { Service } from "../service.ts";
import { archiveReadme, decidedBy, hasScripts, PAPERS } from "./archive-readme.ts";
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
  const published = await publishedIds(service.project);
  const claims = decidedBy([id], published, claimsIn(service.project));
  return { id, statement, checkpoints: [checkpoint], claims };
}

/**
 * A claim with every published checkpoint that bears on it.
 * @throws Problem if there is none.
 */
export async function ofClaim(service: Service, claim: Claim): Promise<Subject> {
  const published = await publishedIds(service.project);
  const there = (id: string) => published.includes(id);
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

/** Of what was made elsewhere there is no more to tell than its model and its fixture. */
function pathsOf({ id, recipe }: Checkpoint, { splits }: Fixture) {
  const predictions = Object.values(splits).map((split) => `fixtures/${split.predictions.file}`);
  const told = recipe.kind === "given" ? [] : ["history.json", "checkpoint.json"];
  const own = ["model.onnx", ...told].map((n) => `models/${id}/${n}`);
  return {
    needed: [...own, `fixtures/${id}.json`, ...predictions],
    optional: [`models/${id}/README.md`],
  };
}

/** Tells archives apart without reading what goes into them; undefined where nothing can tell. */
export async function versionsOf(service: Service, subject: Subject): Promise<string | undefined> {
  const { project } = service;
  const fixtures = await fixturesOf(service, subject);
  const paths = subject.checkpoints.map((one, k) => pathsOf(one, fixtures[k] as Fixture));
  const versions = await Promise.all([
    ...paths.flatMap(({ needed }) => needed).map((path) => project.version(path)),
    ...[...paths.flatMap(({ optional }) => optional), ...PAPERS].map(async (path) =>
      (await project.exists(path)) ? await project.version(path) : "none",
    ),
  ]);
  return versions.includes(undefined) ? undefined : JSON.stringify([subject.id, ...versions]);
}

async function fixturesOf(service: Service, { checkpoints }: Subject): Promise<Fixture[]> {
  return await Promise.all(checkpoints.map((one) => publishedFixture(service, one)));
}

/** What goes into an archive of a checkpoint, by path, with the digests checked that are published. */
async function filesOf(service: Service, checkpoint: Checkpoint): Promise<Files> {
  const { id, model, history } = checkpoint;
  const fixture = await publishedFixture(service, checkpoint);
  const paths = pathsOf(checkpoint, fixture);
  const published: Record<string, string> = {
    [`models/${id}/model.onnx`]: model.sha256,
    [`models/${id}/history.json`]: history.sha256,
  };
  for (const { predictions } of Object.values(fixture.splits))
    published[`fixtures/${predictions.file}`] = predictions.sha256;
  const files: Files = {};
  for (const path of paths.needed) {
    const sha256 = published[path];
    files[path] = sha256
      ? { bytes: await publishedFile(service, path, sha256), sha256 }
      : await fileOf(service, path);
  }
  return { ...files, ...(await optional(service, paths.optional)) };
}

async function optional(service: Service, paths: string[]): Promise<Files> {
  const files: Files = {};
  for (const path of paths) {
    if (await service.project.exists(path)) files[path] = await fileOf(service, path);
  }
  return files;
}

/** Everything that an archive holds, with the digests checked that are published. */
export async function contentsOf(service: Service, subject: Subject): Promise<Files> {
  const { id, statement, checkpoints, claims } = subject;
  const files = await optional(service, [
    ...PAPERS,
    ...(service.project.claims ? ["claims.json"] : []),
  ]);
  for (const checkpoint of checkpoints) Object.assign(files, await filesOf(service, checkpoint));
  const fixtures = await fixturesOf(service, subject);
  const readme = archiveReadme(id, statement, fixtures, claims, {
    scripts: await hasScripts(service),
    all: claimsIn(service.project),
  });
  const text = new TextEncoder().encode(readme);
  files[README] = { bytes: text, sha256: await sha256Hex(text) };
  return files;
}
