/** A worker of jobs that ask for nothing, for queue.ts; says how much memory it holds as it goes. */
import { connect } from "../../src/queue/connection.ts";
import { startWorker } from "../../src/queue/worker.ts";

let done = 0;
const worker = startWorker({
  connection: await connect(new URL(process.argv[2] as string)),
  name: "empty",
  posts: [
    {
      queue: "empty",
      concurrency: 100,
      patience: 15,
      async work() {
        if (++done % 2000 === 0)
          console.log(`memory ${Math.round(process.memoryUsage().rss / 2 ** 20)}`);
        return {};
      },
    },
  ],
});
console.log("ready");
process.once("SIGTERM", () => void worker.drain());
await worker.ended;
process.exit(0);
