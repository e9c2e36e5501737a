/** What runs a program beside this one and exchanges messages with it: a thread, or a process. */
import { fork } from "node:child_process";
import { Worker as NodeWorker } from "node:worker_threads";
import type { Reply, Request } from "./answering.ts";

export interface Port {
  post(request: Request, transfer: ArrayBuffer[]): void;
  terminate(): void;
}

export interface Events {
  onReply: (reply: Reply) => void;
  onEnd: (error: Error) => void;
}

/** Built, this is JavaScript, and so are the programs. */
const BUILT = import.meta.url.endsWith(".js");
const programOf = (kind: "thread" | "process") =>
  new URL(`./${kind}-worker.${BUILT ? "js" : "ts"}`, import.meta.url);

/** Node 20 reads TypeScript only through tsx, which a thread must load for itself. */
function startSources(program: URL): NodeWorker {
  const [tsx, source] = [import.meta.resolve("tsx/esm/api"), program.href].map((url) =>
    JSON.stringify(url),
  );
  return new NodeWorker(
    `import(${tsx}).then(({ register }) => { register(); return import(${source}); })`,
    { eval: true },
  );
}

export function startThread({ onReply, onEnd }: Events): Port {
  const program = programOf("thread");
  const worker = BUILT ? new NodeWorker(program) : startSources(program);
  worker.on("message", onReply);
  worker.on("error", onEnd);
  worker.on("exit", (code) => onEnd(new Error(`the thread ended with ${code}`)));
  return {
    post: (request, transfer) => worker.postMessage(request, transfer),
    terminate: () => void worker.terminate(),
  };
}

/** A process starts in a third of a second; 100 images take it a millisecond more than a thread. */
export function startProcess({ onReply, onEnd }: Events): Port {
  const sources = !BUILT && !("Deno" in globalThis);
  const child = fork(programOf("process"), {
    serialization: "advanced",
    execArgv: sources ? ["--import", import.meta.resolve("tsx")] : [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  child.on("message", (reply) => onReply(reply as Reply));
  child.on("error", onEnd);
  child.on("exit", (code, signal) => onEnd(new Error(`the process ended with ${signal ?? code}`)));
  return {
    post: (request) => void child.send(request, (error) => error && onEnd(error)),
    terminate: () => void child.kill("SIGKILL"),
  };
}
