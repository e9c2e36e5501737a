/**
 * A checkpoint verified by a server: its shards are asked for in many GETs, a
 * few at a time, and each is held against the reader's own fixture, which is
 * what the reader trusts.
 */
import pLimit from "p-limit";
import { nameOf } from "../datasets/address.ts";
import { SPLITS, type Split } from "../datasets/cifar10.ts";
import { type Comparison, compareShard } from "../evaluation/compare.ts";
import type { Range } from "../evaluation/evaluate.ts";
import type { RuntimeName } from "../evaluation/runtimes/runtime.ts";
import { worst } from "../evaluation/compare.ts";
import type { Verification } from "../evaluation/verify.ts";
import type { Verifier } from "../verification/verify-claims.ts";
import { type Answer, ask, connect } from "./evaluations.ts";

/** Where answers that matched are kept until the run is done, so that an interrupted one goes on. */
export interface AnswerStore {
  /**
   * Answers kept of a checkpoint on a runtime by the server, by `<split> <start> <end>`.
   * @param fixture SHA-256 of the fixture that they matched: it names the checkpoint, its model
   *   and its view, and one model may be published on two
   */
  load(fixture: string, runtime: RuntimeName): Promise<Map<string, Answer>>;
  save(fixture: string, runtime: RuntimeName, answers: Map<string, Answer>): Promise<void>;
  clear(fixture: string, runtime: RuntimeName): Promise<void>;
}

export interface RemoteOptions {
  origin: URL;
  runtime: RuntimeName;
  /** Requests under way at once. */
  concurrency: number;
  store: AnswerStore;
  /** What sends the requests; the platform's fetch if left out. */
  fetch?: typeof globalThis.fetch;
}

interface Shard extends Range {
  split: Split;
}

/** Distinct values in order, for a person. */
function distinct(values: string[]): string {
  return [...new Set(values)].join(", ");
}

export function remoteVerifier(options: RemoteOptions): Verifier {
  const { origin, runtime, concurrency, store } = options;
  const server = connect(origin, options.fetch);
  const ran: Answer["runtime"][] = [];

  async function verify(
    ...[published, shards, onShard, outer]: Parameters<Verifier["verify"]>
  ): Promise<Verification> {
    const { fixture, fixtureSha256 } = published;
    const { checkpoint, sha256 } = fixture;
    const answers = await store.load(fixtureSha256, runtime);
    const stop = new AbortController();
    const signal = outer ? AbortSignal.any([outer, stop.signal]) : stop.signal;
    const saving = pLimit(1);

    async function compared({ split, start, end }: Shard): Promise<Comparison> {
      const key = `${split} ${start} ${end}`;
      const kept = answers.get(key);
      const question = { checkpoint, sha256, split, start, end, runtime };
      const answer = kept ?? (await ask(server, question, signal));
      const { runtime: by, ...evaluated } = answer;
      ran.push(by);
      const result = { start, end, ...evaluated };
      const ranOn = { name: runtime, version: by.version };
      const comparison = await compareShard(published, split, ranOn, result);
      if (!kept && comparison.result === "match") {
        answers.set(key, answer);
        await saving(() => store.save(fixtureSha256, runtime, answers));
      }
      onShard(split, comparison);
      return comparison;
    }

    const limit = pLimit({ concurrency, rejectOnClear: true });
    const work = SPLITS.map((split) =>
      shards[split].map((range) => limit(() => compared({ ...range, split }))),
    );
    try {
      const [train = [], test = []] = await Promise.all(work.map((all) => Promise.all(all)));
      const result = worst([...train, ...test].map((c) => c.result));
      return { checkpoint, runtime, result, splits: { train, test } };
    } catch (error) {
      stop.abort(error);
      limit.clearQueue();
      await Promise.allSettled(work.flat()); // what was answered meanwhile is kept
      throw error;
    }
  }

  return {
    verify,
    // No `count`: that takes the dataset, which a reader need not have.
    server: nameOf(origin),
    runtime: () => ({
      name: runtime,
      package: distinct(ran.map((r) => r.package)),
      version: distinct(ran.map((r) => r.version)),
    }),
  };
}
