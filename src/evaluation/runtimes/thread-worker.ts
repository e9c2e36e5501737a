/** The program of a thread that runs models, under Node and Deno. */
import { parentPort } from "node:worker_threads";
import { answering } from "./answering.ts";

// onnxruntime-web takes a location for a page's, and cannot resolve against that of Deno's worker.
Reflect.deleteProperty(globalThis, "location");

const serve = answering((reply) => (parentPort ?? globalThis).postMessage(reply));
if (parentPort) parentPort.on("message", serve);
else globalThis.onmessage = ({ data }) => serve(data);
