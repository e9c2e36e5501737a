/** A checkpoint verified by workers: shards are dealt to whoever is free, and compared as everywhere. */
import { SPLITS, type Split } from "../../datasets/cifar10.ts";
import { sha256Hex } from "../../datasets/digest.ts";
import {
  type Comparison,
  compareShard,
  type ShardResult,
  worst,
} from "../../evaluation/compare.ts";
import { checkCounts } from "../../evaluation/counts.ts";
import type { Range } from "../../evaluation/evaluate.ts";
import type { Published } from "../../evaluation/published.ts";
import type { Verifier } from "../../verification/verify-claims.ts";
import type { Evaluator } from "./evaluators.ts";
import type { Gate } from "./gate.ts";
import type { Digests } from "./messages.ts";
import { type Sources, storageOf } from "./sources.ts";

export interface Options {
  evaluators: Evaluator[];
  /** Of the runtime in each of them. */
  version: string;
  sources: Sources;
  /** Results of earlier runs by model, split and start, so that a stopped one goes on. */
  kept: Map<string, ShardResult>;
  gate: Gate;
  /** Whether all published predictions are counted against the labels, too. */
  counting: boolean;
  onStage(text: string): void;
  onDigests(checkpoint: string, split: Split, comparison: Comparison, digests: Digests): void;
}

async function digestsOf(
  { fixture }: Published,
  split: Split,
  result: ShardResult,
): Promise<Digests> {
  const of = (range: Range) => range.start === result.start && range.end === result.end;
  const logits = fixture.splits[split].reference.find(of)?.logitsSha256;
  return {
    predictions: {
      published: fixture.splits[split].shards.find(of)?.predictionsSha256 ?? "",
      recomputed: await sha256Hex(result.predictions),
    },
    ...(logits && { logits: { published: logits, recomputed: result.logitsSha256 ?? "" } }),
  };
}

export function workerVerifier(options: Options): Verifier {
  const { evaluators, version, sources, kept, gate, counting, onStage, onDigests } = options;

  async function verify(
    ...[published, shards, onShard, signal]: Parameters<Verifier["verify"]>
  ): ReturnType<Verifier["verify"]> {
    const { fixture, model, checkpoint } = published;
    const id = fixture.checkpoint;
    onStage(`running ${id}`);
    const splits: Record<Split, Comparison[]> = { train: [], test: [] };
    const work = SPLITS.flatMap((split) => shards[split].map((range) => ({ split, range })));

    async function resultOf(
      evaluator: Evaluator,
      split: Split,
      range: Range,
    ): Promise<ShardResult> {
      const key = `${fixture.sha256} ${split} ${range.start}`;
      const known = kept.get(key);
      if (known) return known;
      const view = fixture.view;
      const answer = await evaluator.ask({ kind: "evaluate", sources, view, split, range });
      if (!("result" in answer)) throw new Error("a worker answered something else");
      kept.set(key, answer.result);
      return answer.result;
    }

    async function deal(evaluator: Evaluator): Promise<void> {
      await evaluator.ask({ kind: "open", model, checkpoint, sources });
      for (;;) {
        await gate.passed();
        signal?.throwIfAborted();
        const next = work.shift();
        if (!next) return;
        const { split, range } = next;
        const result = await resultOf(evaluator, split, range);
        signal?.throwIfAborted();
        const runtime = { name: "wasm" as const, version };
        const comparison = await compareShard(published, split, runtime, result);
        splits[split].push(comparison);
        onShard(split, comparison);
        onDigests(id, split, comparison, await digestsOf(published, split, result));
      }
    }

    await Promise.all(evaluators.map(deal));
    for (const all of Object.values(splits)) all.sort((a, b) => a.start - b.start);
    const result = worst([...splits.train, ...splits.test].map((one) => one.result));
    return { checkpoint: id, runtime: "wasm", result, splits };
  }

  async function count(...[published, signal]: Parameters<NonNullable<Verifier["count"]>>) {
    onStage(`counting all published predictions of ${published.fixture.checkpoint}`);
    await checkCounts(storageOf(sources), published, signal);
  }

  return {
    verify,
    ...(counting && { count }),
    runtime: () => ({ name: "wasm", package: "onnxruntime-web", version }),
  };
}
