/** The service of a machine with folders and threads, for the entries of Node and Deno. */
import { bundled } from "../../local/bundle.ts";
import { openDataset } from "../../local/dataset.ts";
import { openPack } from "../../local/pack.ts";
import { KeyUnavailable, openSigningKey } from "../../local/signing-key.ts";
import { InputError } from "../../datasets/storage.ts";
import { printError } from "../../print.ts";
import { openRuntime } from "../../evaluation/runtimes/open.ts";
import { apart } from "../../evaluation/runtimes/apart.ts";
import { jsonLines } from "../middleware/log.ts";
import { createMetrics } from "./metrics.ts";
import { createService, type Service } from "../service.ts";
import type { Settings } from "../settings.ts";

export interface LocalService extends Service {
  /** Ends the threads. */
  stop(): void;
}

export async function openLocal({ limits, log, prefix }: Settings): Promise<LocalService> {
  const write = jsonLines(log);
  const threads: ReturnType<typeof apart>[] = [];
  try {
    threads.push(apart(await openRuntime("native"), limits));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    write({ level: "error", event: "wasm alone runs the models", error: error.message });
  }
  threads.push(apart(await openRuntime("wasm"), limits));
  const signingKey = await openSigningKey().catch((error) => {
    if (!(error instanceof KeyUnavailable)) throw error;
    printError(`no receipts are signed: ${error.message}`);
    return undefined;
  });
  const service = createService({
    project: await openPack(),
    disk: true,
    dataset: await openDataset(),
    counting: true,
    runtimes: threads,
    limits,
    prefix,
    log: write,
    assets: bundled,
    ...(signingKey && { signingKey }),
    metrics: createMetrics(),
  });
  return Object.assign(service, {
    stop: () => {
      for (const thread of threads) thread.stop();
    },
  });
}

/** Where the server can be reached, for a person. */
export function announce(host: string, port: number): void {
  const name = host.includes(":") ? `[${host}]` : host;
  printError(`Rethink serves http://${name}:${port} (documentation at /docs)`);
}
