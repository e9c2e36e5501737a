/** A bar on stderr that counts megabytes; where stderr is no terminal, a line says what begins. */
import { SingleBar } from "cli-progress";
import { printError } from "../print.ts";

export interface BytesBar {
  to(bytes: number): void;
  stop(): void;
}

const MEGA = 1e6;

export function bytesBar(what: string, total: number): BytesBar {
  if (!process.stderr.isTTY) printError(`${what} (${(total / MEGA).toFixed(1)} MB)`);
  const bar = new SingleBar({
    format: `${what} {bar} {value}/{total} MB`,
    formatValue: (value, _, type) =>
      type === "value" || type === "total" ? value.toFixed(1) : `${value}`,
    stream: process.stderr,
    clearOnComplete: true,
  });
  bar.start(total / MEGA, 0);
  return {
    to: (bytes) => bar.update(Math.min(bytes, total) / MEGA),
    stop: () => bar.stop(),
  };
}
