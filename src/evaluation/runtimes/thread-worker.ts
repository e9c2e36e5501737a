/** The program of a thread that runs models. */
import { parentPort } from "node:worker_threads";
import { answering } from "./answering.ts";

parentPort?.on(
  "message",
  answering((reply) => parentPort?.postMessage(reply)),
);
