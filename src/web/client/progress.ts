/** How far an audit is, and how long it will take. */
import { find } from "./dom.ts";

export interface Progress {
  begin(): void;
  plan(shards: number, workers: number): void;
  say(text: string): void;
  count(): void;
  hold(yes: boolean): void;
  end(text: string): void;
}

function inWords(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

export function createProgress(): Progress {
  const bar = find<HTMLProgressElement>("#progress");
  const line = find("#stage");
  line.textContent = ""; // it said that this is still to come
  let [shards, workers, done, first, stage] = [0, 1, 0, 0, ""];
  let held = false;

  function show(): void {
    const took = (performance.now() - first) / 1000;
    // The first shard of each worker took the start of its runtime, too.
    const left = done > 0 ? `, about ${inWords((took / done) * (shards - done))} left` : "";
    const so =
      shards > 0 ? `: ${done} of ${shards} shards of 1,000 images by ${workers} workers` : "";
    line.textContent = held
      ? `paused after what is under way: ${done} of ${shards} shards`
      : `${stage}${so}${done < shards ? left : ""}`;
    bar.value = shards > 0 ? done / shards : 0;
  }

  return {
    begin() {
      [shards, done, stage, first] = [0, 0, "beginning", performance.now()];
      held = false;
      bar.hidden = false;
      find<HTMLElement>("#shards").hidden = false;
      show();
    },
    plan(all, by) {
      [shards, workers, first] = [all, by, performance.now()];
      show();
    },
    say(text) {
      stage = text;
      show();
    },
    count() {
      done++;
      show();
    },
    hold(yes) {
      held = yes;
      show();
    },
    end(text) {
      line.textContent = text;
      bar.hidden = true;
    },
  };
}
