/**
 * A worker process to be killed: evaluates as `rethink work` does and, with HOLD, stays in the
 * middle of its first shard. Tells on stdout when it is there.
 */
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import type { Session } from "../../src/evaluation/runtimes/runtime.ts";
import { openDataset } from "../../src/local/dataset.ts";
import { connect } from "../../src/queue/connection.ts";
import type { Crew } from "../../src/queue/crew.ts";
import { datasetOfMachine, evaluateJob } from "../../src/queue/evaluate-job.ts";
import { queueOf, readEvaluation } from "../../src/queue/jobs.ts";
import { thisMachine } from "../../src/queue/machine.ts";
import { startWorker } from "../../src/queue/worker.ts";
import { linearModel } from "../models.ts";

const [url = "", name = "", hold = "0"] = process.argv.slice(2);
const runtime = await openRuntime("native", 1);

/** Milliseconds between the first batch of a shard and its second. */
function slowly(session: Session): Session {
  let batches = 0;
  return {
    imageBytes: session.imageBytes,
    close: () => session.close(),
    async run(images) {
      if (batches++ === 1) {
        console.log("in mid-shard");
        await new Promise((resolve) => setTimeout(resolve, Number(hold)));
      }
      return await session.run(images);
    },
  };
}

const crew: Crew = {
  async use(_, { load }, work) {
    const session = await load(runtime);
    return await work(slowly(session)).finally(() => session.close());
  },
  stop() {},
};
const shop = {
  machine: thisMachine(name),
  runtimes: [runtime],
  crew,
  dataset: datasetOfMachine(await openDataset()),
  model: async () => linearModel(),
};
const worker = startWorker({
  connection: await connect(new URL(url)),
  name,
  posts: [
    {
      queue: queueOf({ kind: "evaluate", runtime }),
      concurrency: 1,
      patience: 1,
      work: async (data) => await evaluateJob(readEvaluation(data), shop),
    },
  ],
});
process.once("SIGTERM", () => void worker.drain());
await worker.ended;
process.exit(0);
