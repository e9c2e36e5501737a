/** What the application is given; the entry files make it out of what their platform has. */
import { keepBlocks } from "../datasets/cifar10.ts";
import { InputError, MismatchError, type Storage } from "../datasets/storage.ts";
import type { Runtime, RuntimeName } from "../evaluation/runtimes/runtime.ts";
import type { Pack } from "../verification/pack.ts";
import type { SigningKey } from "../receipts/keys.ts";
import { type Answers, keepAnswers, type SharedAnswers } from "./making/answers.ts";
import { createFileCache, type FileCache } from "./making/file-cache.ts";
import { createLimiter, type Limiter } from "./making/limiter.ts";
import { Problem } from "./answers/problem.ts";
import { sharedSessions } from "./making/shared-sessions.ts";
import { sharedWork } from "./making/shared-work.ts";

/** Counts of a process. */
export interface Metrics {
  /** Answered requests. */
  answered(labels: { method: string; route: string; status: number }, seconds: number): void;
  /** Images that a runtime classified. */
  evaluated(runtime: string, images: number): void;
  /** Evaluations that run now, or that just ended. */
  running(count: number): void;
  /** The page that Prometheus reads, and its media type. */
  page(): Promise<{ text: string; type: string }>;
}

/** What may be kept, at most. */
export interface Memory {
  /** Bytes of files that were read. */
  files: number;
  /** Models loaded by a runtime, beside those that run. */
  sessions: number;
  /** A dataset's blocks, of 3 MB each. */
  blocks: number;
  /** Characters of answers. */
  answers: number;
  /** Bytes of archives, or of what is kept of those that are read again from a disk. */
  archives: number;
}

export interface ServiceOptions {
  /** models/ and fixtures/, and whose claims about them. */
  project: Pack;
  /** Whether those lie on a disk, where a part of a file costs no more than its part of the whole. */
  disk?: boolean;
  /** cifar10/ with the official files. */
  dataset: Storage;
  /** Whether a verification counts all published predictions: it reads the whole dataset once. */
  counting: boolean;
  /** What runs models here; the first is what runs them if the client names none. */
  runtimes: Runtime[];
  /** How many evaluations run at once, how many may wait, and seconds that an answer may take. */
  limits: { running: number; waiting: number; seconds: number };
  /** Client code of the pages by file name, made when asked for; without it they have none. */
  assets?: (name: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** The path that a proxy serves this under, without an end slash; links begin with it. */
  prefix?: string;
  /** Signs receipts; without it there are none. */
  signingKey?: SigningKey;
  /** Takes a record for each request and each failure. */
  log: (record: Record<string, unknown>) => void;
  /** What may be kept. */
  memory?: Memory;
  /** Where answers are kept that other processes of the platform find, too. */
  sharedAnswers?: SharedAnswers;
  /** Where the process keeps counts of its own; without them there is no /metrics. */
  metrics?: Metrics;
}

export interface Service
  extends Omit<ServiceOptions, "runtimes" | "prefix" | "memory" | "sharedAnswers"> {
  prefix: string;
  memory: Memory;
  /** Models loaded by these stay loaded for the next to ask. */
  runtimes: ReadonlyMap<RuntimeName, Runtime>;
  limiter: Limiter;
  files: FileCache;
  answers: Answers;
  /** Set when the server should get no more requests. */
  closing: boolean;
}

const MIB = 2 ** 20;
const MEMORY: Memory = {
  files: 64 * MIB,
  sessions: 4,
  blocks: 20,
  answers: 8 * MIB,
  archives: 32 * MIB,
};

/**
 * A storage as requests use it. Its refusals a client may see: they say what is wrong, not
 * where it lies. And many who ask at once whether files are there ask once.
 */
function forRequests(storage: Storage): Storage {
  const existing = sharedWork<boolean>();
  async function tell<T>(path: string, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (error instanceof MismatchError)
        throw new Problem("published-mismatch", `${path} is not the published file`, {}, error);
      if (!(error instanceof InputError)) throw error;
      throw new Problem("data-unavailable", `${path} cannot be read`, {}, error);
    }
  }
  return {
    read: (path, start, end) => tell(path, storage.read(path, start, end)),
    exists: (path) => existing(path, () => tell(path, storage.exists(path))),
    version: (path) => tell(path, storage.version(path)),
  };
}

export function createService(options: ServiceOptions): Service {
  const project = { ...options.project, ...forRequests(options.project) };
  const { sharedAnswers, memory = MEMORY, ...given } = options;
  keepBlocks(memory.blocks);
  return {
    ...given,
    memory,
    prefix: options.prefix ?? "",
    project,
    dataset: forRequests(options.dataset),
    runtimes: new Map(options.runtimes.map((r) => [r.name, sharedSessions(r, memory.sessions)])),
    limiter: createLimiter(options.limits),
    files: createFileCache(project, memory.files),
    answers: keepAnswers(memory.answers, sharedAnswers),
    closing: false,
  };
}
