/** `verify --queue`: the work goes to a queue's workers. */
import { InputError } from "../datasets/storage.ts";
import { openRuntime } from "../evaluation/runtimes/open.ts";
import type { RuntimeName } from "../evaluation/runtimes/runtime.ts";
import { openDataset } from "../local/dataset.ts";
import { printError } from "../print.ts";
import { connect } from "../queue/connection.ts";
import { type QueueVerifier, queueVerifier } from "../queue/queue-verifier.ts";
import type { Pack } from "../verification/pack.ts";
import { datasetsOf, type WorkItem } from "../verification/work.ts";

/**
 * Hands a verification out. Published counts are held against the labels here, where the
 * dataset is; the workers need the same version of the runtime as this machine.
 */
export async function openQueueVerifier(
  url: URL,
  runtime: RuntimeName,
  project: Pack,
  work: WorkItem[],
): Promise<QueueVerifier> {
  const connection = await connect(url);
  const { name, package: from, version } = await openRuntime(runtime);
  const names = await datasetsOf(project, work);
  const dataset = await openDataset(...names).catch((error: unknown) => {
    if (!(error instanceof InputError)) throw error;
    printError(`published counts are not held against the labels: ${error.message}`);
    return undefined;
  });
  return await queueVerifier({
    connection,
    project,
    work,
    runtime: { name, package: from, version },
    ...(dataset && { dataset }),
  });
}
