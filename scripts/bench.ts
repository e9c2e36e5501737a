/** `npm run bench [-- evaluation | verify | training | queue | http | hostile | workers | lambda | web]`: speed, as ratios taken in one run. */
import { benchEvaluation } from "./bench/evaluation.ts";
import { benchHostile } from "./bench/hostile.ts";
import { benchHttp } from "./bench/http.ts";
import { benchLambda } from "./bench/lambda.ts";
import { benchQueue } from "./bench/queue.ts";
import { benchTraining } from "./bench/training.ts";
import { benchVerify } from "./bench/verify.ts";
import { benchWorkers } from "./bench/workers.ts";
import { benchWeb } from "./bench/web.ts";

const PARTS: Record<string, () => Promise<void>> = {
  evaluation: benchEvaluation,
  verify: benchVerify,
  training: benchTraining,
  queue: benchQueue,
  http: benchHttp,
  hostile: benchHostile,
  workers: benchWorkers,
  lambda: benchLambda,
  web: benchWeb,
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(PARTS, name));
if (unknown) {
  console.error(`bench: no part is called ${unknown}; there are ${Object.keys(PARTS).join(", ")}`);
  process.exit(2);
}
for (const [name, run] of Object.entries(PARTS)) {
  if (wanted.length === 0 || wanted.includes(name)) await run();
}
