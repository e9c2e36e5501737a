/** What a thread or a process that runs models answers: the other side of apart.ts. */
import { getPriority, platform, setPriority } from "node:os";
import { InputError } from "../../datasets/storage.ts";
import { openRuntime } from "./open.ts";
import type { ExternalFile, RuntimeName, Session } from "./runtime.ts";

/** What each request holds, and what each answer. */
export interface Calls {
  load: [
    {
      runtime: RuntimeName;
      threads: number | undefined;
      /** Of the thread, as nice has it. */
      priority: number;
      model: Uint8Array<ArrayBuffer>;
      external: ExternalFile[];
    },
    { session: number; imageBytes: number },
  ];
  run: [
    { session: number; images: Uint8Array<ArrayBuffer> },
    { logits: Float32Array<ArrayBuffer> },
  ];
  close: [{ session: number }, object];
}

export type Request = {
  [K in keyof Calls]: Calls[K][0] & { kind: K; id: number };
}[keyof Calls];

export type Reply =
  | { id: number; kind: "done"; value: Calls[keyof Calls][1] }
  | { id: number; kind: "failed"; message: string; cause?: string; input: boolean };

const sessions = new Map<number, Session>();
let count = 0;

function sessionOf(number: number): Session {
  const session = sessions.get(number);
  if (!session) throw new Error(`no session ${number} is open`);
  return session;
}

async function answer(request: Request): Promise<Calls[keyof Calls][1]> {
  switch (request.kind) {
    case "load": {
      // Linux gives a priority to a thread. A process that was started with a lower one keeps
      // it; to raise it again takes a right.
      if (platform() === "linux") setPriority(Math.max(request.priority, getPriority()));
      const runtime = await openRuntime(request.runtime, request.threads);
      const session = await runtime.load(request.model, async () => request.external);
      sessions.set(count, session);
      return { session: count++, imageBytes: session.imageBytes };
    }
    case "run":
      return { logits: await sessionOf(request.session).run(request.images) };
    case "close":
      await sessionOf(request.session).close();
      sessions.delete(request.session);
      return {};
    default:
      throw request satisfies never;
  }
}

async function replyTo(request: Request): Promise<Reply> {
  const { id } = request;
  try {
    return { id, kind: "done", value: await answer(request) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (!(error instanceof InputError)) return { id, kind: "failed", message, input: false };
    const cause = error.cause === undefined ? {} : { cause: String(error.cause) };
    return { id, kind: "failed", message, ...cause, input: true };
  }
}

/** Answers requests one after the other: a wasm module computes for one call at a time. */
export function answering(post: (reply: Reply) => void): (request: Request) => void {
  let last: Promise<void> = Promise.resolve();
  return (request) => {
    last = last.then(async () => post(await replyTo(request)));
  };
}
