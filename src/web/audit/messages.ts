/** What the page, its auditor and the evaluators say to each other. */
import type { Split } from "../../datasets/cifar10.ts";
import type { View } from "../../datasets/view.ts";
import type { Checkpoint } from "../../evaluation/checkpoint.ts";
import type { Comparison, ShardResult } from "../../evaluation/compare.ts";
import type { Range } from "../../evaluation/evaluate.ts";
import type { Report } from "../../verification/verify-claims.ts";
import type { Sources } from "./sources.ts";

/** A file with its path in the folder that it was given with, or its name. */
export interface Given {
  path: string;
  /** None where it cannot be read. */
  file?: File;
}

/** What a person chose: a claim or a checkpoint, how much of it, and which files to use. */
export interface Choice {
  kind: "claim" | "checkpoint";
  id: string;
  /** Shards of each split. */
  shards: number | "all";
  seed: number;
  root: string;
  /** Ids of all published checkpoints. */
  published: string[];
  files: Given[];
}

export type ToAuditor =
  | { kind: "accept"; root: string; files: Given[] }
  | { kind: "start"; choice: Choice; ports: MessagePort[] }
  | { kind: "pause" }
  | { kind: "go-on" }
  | { kind: "stop" };

/** What became of a file that was given. */
export interface Accepted {
  /** With its folders, where it was given with them. */
  name: string;
  bytes: number;
  /** None where it was not read. */
  sha256?: string;
  /** Its path in the project; none for a file that is nothing of ours. */
  path?: string;
  /** Why it is not taken. */
  refused?: string;
  /** The dataset's file that it is called as and is not: an audit on that in its place would mislead. */
  insteadOf?: string;
}

/** What an audit leaves behind. */
export interface Audit {
  report: Report;
  /** SHA-256 of `report` in RFC 8785 canonical form. */
  digest: string;
  /** onnxruntime-web's wasm as it ran here. */
  wasmSha256: string;
  given: Accepted[];
  checked: string[];
  notChecked: string[];
  seconds: number;
  workers: number;
}

export type FromAuditor =
  | { kind: "accepted"; files: Accepted[] }
  | { kind: "planned"; checkpoints: string[]; shards: number; workers: number }
  | { kind: "stage"; text: string }
  | { kind: "shard"; checkpoint: string; split: Split; comparison: Comparison; digests: Digests }
  | { kind: "done"; audit: Audit }
  | { kind: "stopped" }
  | { kind: "failed"; mismatch: boolean; message: string };

/** Recomputed beside published; logits only where they are published. */
export interface Digests {
  logits?: { published: string; recomputed: string };
  predictions: { published: string; recomputed: string };
}

/** What an evaluator needs of a model: its bytes, and where what lies outside of them is read from. */
export interface Opening {
  model: Uint8Array<ArrayBuffer>;
  checkpoint: Pick<Checkpoint, "recipe">;
  sources: Sources;
}

export type ToEvaluator =
  | { kind: "start"; id: number; wasm: Uint8Array<ArrayBuffer> }
  | ({ kind: "open"; id: number } & Opening)
  | { kind: "evaluate"; id: number; sources: Sources; view: View; split: Split; range: Range }
  | { kind: "run"; id: number; images: Uint8Array<ArrayBuffer> };

export type FromEvaluator =
  | { id: number; result: ShardResult }
  | { id: number; version: string }
  | { id: number; opened: true }
  | { id: number; logits: Float32Array<ArrayBuffer> }
  | { id: number; error: string; input: boolean };
