/** How far a run is, on stderr: a bar in a terminal, elsewhere a line now and then. */
import { SingleBar } from "cli-progress";
import { printError } from "../print.ts";

/** Seconds between two lines where there is no terminal: a job that says nothing for long is killed. */
const EVERY = 8;

export interface Progress {
  /** Says what is done before the shards. */
  stage(text: string): void;
  start(shards: number): void;
  shard(checkpoint: string): void;
  stop(): void;
}

function bar(): Progress {
  const shown = new SingleBar({
    format: "{bar} {value}/{total} shards, {checkpoint}",
    stream: process.stderr,
    clearOnComplete: true,
  });
  return {
    stage: () => {},
    start: (shards) => shown.start(shards, 0, { checkpoint: "" }),
    shard: (checkpoint) => shown.increment(1, { checkpoint }),
    stop: () => shown.stop(),
  };
}

function lines(): Progress {
  let [now, done, of] = ["starting", 0, 0];
  const timer = setInterval(() => printError(now), EVERY * 1000);
  timer.unref();
  return {
    stage(text) {
      now = text;
    },
    start(shards) {
      of = shards;
      now = `0/${of} shards`;
    },
    shard(checkpoint) {
      done++;
      now = `${done}/${of} shards, ${checkpoint}`;
    },
    stop: () => clearInterval(timer),
  };
}

const SILENT: Progress = { stage: () => {}, start: () => {}, shard: () => {}, stop: () => {} };

export function openProgress(quiet = false): Progress {
  if (quiet) return SILENT;
  return process.stderr.isTTY ? bar() : lines();
}
