/** Server-sent events (HTML standard, section 9.2) on a connection that nobody takes for dead. */
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";

/** Proxies give up on a connection that is silent for a minute or less. */
const SILENCE = 10_000;

export interface Events {
  send(event: string, data: unknown, id?: string): Promise<void>;
  /** Calls when the client goes away. */
  onAbort(listener: () => void): void;
}

export const EVENT_STREAM_HEADERS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store",
  "X-Accel-Buffering": "no", // nginx would keep events until they fill a buffer
};

/** Answers with events as `produce` sends them, and with comments from the first moment on. */
export function eventStream(c: Context, produce: (events: Events) => Promise<void>): Response {
  const response = streamSSE(c, async (stream) => {
    const comment = () => void stream.write(": it goes on\n\n");
    comment();
    const timer = setInterval(comment, SILENCE);
    try {
      await produce({
        send: async (event, data, id) =>
          await stream.writeSSE({ event, data: JSON.stringify(data), ...(id && { id }) }),
        onAbort: (listener) => stream.onAbort(listener),
      });
    } finally {
      clearInterval(timer);
    }
  });
  // Only now: streamSSE itself sets no-cache, and what only whoever has the connection can tell.
  for (const name of ["Connection", "Transfer-Encoding"]) response.headers.delete(name);
  for (const [name, value] of Object.entries(EVENT_STREAM_HEADERS)) {
    response.headers.set(name, value);
  }
  return response;
}
