/**
 * `verify --pack DIR`: networks and claims that are not the paper's, by the same engine and rules.
 * DIR holds claims.json, models/<id>/model.onnx, and fixtures/<id>.json as `evaluate --fixture` writes it.
 */
import { checkpointsOf } from "../claims/claim.ts";
import type { Evidence } from "../claims/evidence.ts";
import { judge } from "../claims/judge.ts";
import { PackClaimsSchema, packClaims } from "../claims/pack-rules.ts";
import { InputError, MismatchError } from "../datasets/storage.ts";
import { verifyForeign } from "../evaluation/foreign.ts";
import { parseForeign } from "../evaluation/foreign-fixture.ts";
import { parseAs } from "../evaluation/parse.ts";
import { onCores } from "../evaluation/runtimes/cores.ts";
import { openRuntime } from "../evaluation/runtimes/open.ts";
import { worst } from "../evaluation/verify.ts";
import { openDataset } from "../local/dataset.ts";
import { folderStorage } from "../local/folder.ts";
import type { VerifyOptions } from "./verify.ts";
import { print } from "../print.ts";

/** Exit code 0 only if all that ran matched and every claim is reproduced. */
export async function verifyPack(folder: string, options: VerifyOptions): Promise<number> {
  const { runtime: name, full, shards, json } = options;
  const pack = folderStorage(folder, "is it a pack?");
  const text = async (path: string) => new TextDecoder().decode(await pack.read(path));
  const claims = packClaims(parseAs(PackClaimsSchema, await text("claims.json"), "claims.json"));
  const chosen = options.claim ? claims.filter(({ id }) => options.claim?.includes(id)) : claims;
  const unknown = options.claim?.find((id) => !claims.some((claim) => claim.id === id));
  if (unknown)
    throw new InputError(
      `the pack has no claim ${unknown}; it has ${claims.map((c) => c.id).join(", ")}`,
    );
  const ids = [...new Set(chosen.flatMap(checkpointsOf))];
  const bad = ids.find((id) => !/^[\w-][\w.-]*$/.test(id));
  if (bad !== undefined)
    throw new InputError(`claims.json: ${JSON.stringify(bad)} cannot be a checkpoint's name`);
  const seed = options.seed ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const sampling = { shards: full ? ("all" as const) : shards, seed };
  const [dataset, one] = [await openDataset(), await openRuntime(name)];
  const threads = name === "wasm" ? onCores(one) : undefined;
  const evidence = new Map<string, Evidence>();
  const checkpoints: Record<string, unknown>[] = [];
  try {
    for (const id of ids) {
      const path = `fixtures/${id}.json`;
      const found = parseForeign(await text(path), path);
      const { train, test } = found.splits;
      if (!train || !test)
        throw new InputError(`${path} counts one split alone; a claim takes both`);
      const model = await pack.read(`models/${id}/model.onnx`);
      let result: Evidence["result"] = "mismatch";
      let reason = "";
      try {
        const splits = await verifyForeign(dataset, model, found, threads ?? one, sampling, path);
        const all = Object.values(splits).flat();
        result = worst(all.map((shard) => shard.result));
        reason = all.find((shard) => shard.reason)?.reason ?? "";
      } catch (error) {
        if (!(error instanceof MismatchError)) throw error;
        reason = error.message; // the others are compared all the same
      }
      evidence.set(id, { parameters: 0, train, test, history: [], trained: false, result });
      checkpoints.push({
        checkpoint: id,
        sha256: found.sha256,
        result,
        reason,
        train: train.correct,
        test: test.correct,
        gap: found.gap,
      });
      if (!json)
        print(
          `${id}: train ${train.correct}/${train.total}, test ${test.correct}/${test.total}: ${result}${reason && `: ${reason}`}`,
        );
    }
  } finally {
    threads?.stop();
  }
  const verdicts = chosen.map((claim) => judge(claim, evidence, new Set(ids)));
  const { package: from, version } = one;
  if (json)
    print(
      JSON.stringify(
        { runtime: { name, package: from, version }, sampling, checkpoints, verdicts },
        null,
        1,
      ),
    );
  else {
    for (const { claim, status, reason } of verdicts)
      print(`${claim}: ${status}${reason && `: ${reason}`}`);
    print(`${from} ${version}, --seed ${seed}`);
  }
  return verdicts.every(({ status }) => status === "reproduced") ? 0 : 1;
}
