/** Cuts off clients that stop to read, where a platform shows answers and no connections. */
import { withoutStack } from "../answers/failure.ts";

/** Bytes at once: what a client holds up that reads nothing, beside what the system keeps for it. */
const PART = 65_536;
/** An answer whose length is known and so small is out of hand at once. */
const SMALL = 262_144;

/** An event stream has no length, and whatever else has none is small. */
function isSmall(headers: Headers): boolean {
  const length = headers.get("Content-Length");
  if (length !== null) return Number(length) <= SMALL;
  return headers.get("Content-Type")?.startsWith("text/event-stream") !== true;
}

/** The answer, which fails once nobody has wanted more of it for so many seconds. */
export function cutStalled(response: Response, seconds: number): Response {
  if (!response.body || isSmall(response.headers)) return response;
  const reader = response.body.getReader();
  let rest = new Uint8Array(0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(timer);
        if (rest.length === 0) {
          const { done, value } = await reader.read();
          if (done) return controller.close();
          rest = value as Uint8Array<ArrayBuffer>;
        }
        controller.enqueue(rest.subarray(0, PART));
        rest = rest.subarray(PART);
        timer = setTimeout(() => {
          controller.error(withoutStack("a client that reads nothing was cut off"));
          reader.cancel().catch(() => {});
          rest = new Uint8Array(0);
        }, seconds * 1000);
      },
      async cancel(reason) {
        clearTimeout(timer);
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, response);
}
