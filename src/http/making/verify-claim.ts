/** Recomputes what bears on a claim and answers with the verdict: the part that knows no HTTP. */
import about from "../../../package.json" with { type: "json" };
import { type Claim, checkpointsOf } from "../../claims/claim.ts";
import { bearingOn } from "../../claims/seeds.ts";
import type { Runtime } from "../../evaluation/runtimes/runtime.ts";
import type { Sampling } from "../../evaluation/verify.ts";
import { canonicalDigest } from "../../recipe.ts";
import {
  localVerifier,
  type Report,
  type Request,
  verifyClaims,
} from "../../verification/verify-claims.ts";
import type { Service } from "../service.ts";
import { knownFor } from "./bearing.ts";
import { checkpointOf, fileOf } from "./published.ts";
import { heeding } from "./until-aborted.ts";

export interface VerificationTask {
  claim: Claim;
  /** The published checkpoints that bear on it. */
  checkpoints: string[];
  /** Those of further seeds that are left to a full verification. */
  leftOut: string[];
  runtime: Runtime;
  sampling: Sampling;
}

export interface Verified {
  report: Report;
  leftOut: string[];
  runtimes: Pick<Runtime, "name" | "package" | "version">[];
  /** SHA-256 of `report` in RFC 8785 canonical form. */
  digest: string;
}

export async function verificationTask(
  service: Service,
  claim: Claim,
  runtime: Runtime,
  sampling: Sampling,
): Promise<VerificationTask> {
  const known = await knownFor(service, [claim]);
  const there = (id: string) => known.includes(id);
  const bearing = bearingOn(claim, there).filter(there);
  const needed = checkpointsOf(claim);
  const drawn = (id: string) => sampling.shards === "all" || needed.includes(id);
  return {
    claim,
    checkpoints: bearing.filter(drawn),
    leftOut: bearing.filter((id) => !drawn(id)),
    runtime,
    sampling,
  };
}

function runtimesOf({ runtimes }: Service): Verified["runtimes"] {
  return [...runtimes.values()].map(({ name, package: from, version }) => ({
    name,
    package: from,
    version,
  }));
}

/**
 * The digest of all that decides the answer, taken without computing it.
 * @param version of this project, which decides how it is written
 */
export async function taskDigest(
  service: Service,
  task: VerificationTask,
  version = about.version,
): Promise<string> {
  const { claim, checkpoints, leftOut, runtime, sampling } = task;
  const digests = checkpoints.map(async (id) => {
    const { recipe } = await checkpointOf(service, id);
    const told = recipe.kind === "given" ? [] : ["checkpoint.json", "history.json"];
    const paths = [...told.map((name) => `models/${id}/${name}`), `fixtures/${id}.json`];
    return await Promise.all(paths.map(async (path) => (await fileOf(service, path)).sha256));
  });
  return await canonicalDigest({
    version,
    claim,
    leftOut,
    files: (await Promise.all(digests)).flat(),
    runtime: runtime.name,
    runtimes: runtimesOf(service),
    sampling,
    counting: service.counting,
  });
}

/** @throws what verifyClaims throws, and the problem `busy`. */
export async function verifyClaim(
  service: Service,
  task: VerificationTask,
  signal: AbortSignal,
  onShard?: Request["onShard"],
): Promise<Verified> {
  const { claim, checkpoints, leftOut, runtime, sampling } = task;
  const report = await service.limiter.run(signal, () =>
    verifyClaims({
      verifier: localVerifier(service.dataset, runtime, service.counting),
      project: heeding(signal, service.project),
      claims: [claim],
      checkpoints,
      sampling,
      signal,
      onShard: (id, split, comparison) => {
        service.metrics?.evaluated(runtime.name, comparison.end - comparison.start);
        onShard?.(id, split, comparison);
      },
    }),
  );
  const digest = await canonicalDigest(report);
  return { report, leftOut, runtimes: runtimesOf(service), digest };
}
