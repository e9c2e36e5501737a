/**
 * What AWS's Node runtime does with a function, in a process of its own: it asks the runtime API
 * for an event, calls the handler, and posts what that returns or streams.
 */
import { PassThrough } from "node:stream";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, _HANDLER } = process.env;
const streams = new WeakSet();
const SEPARATOR = new Uint8Array(8);

globalThis.awslambda = {
  streamifyResponse(handler) {
    streams.add(handler);
    return handler;
  },
  HttpResponseStream: {
    from(stream, prelude) {
      stream.write(JSON.stringify(prelude));
      stream.write(SEPARATOR);
      return stream;
    },
  },
};

const [file, name] = _HANDLER.split(".");
const functions = await import(pathToFileURL(join(LAMBDA_TASK_ROOT, `${file}.mjs`)).href);
const handler = functions[name];
const base = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;

for (;;) {
  const next = await fetch(`${base}/next`);
  if (next.status !== 200) break;
  const id = next.headers.get("Lambda-Runtime-Aws-Request-Id");
  const event = await next.json();
  const context = { awsRequestId: id };
  try {
    if (streams.has(handler)) {
      const body = new PassThrough();
      const headers = {
        "Lambda-Runtime-Function-Response-Mode": "streaming",
        "Content-Type": "application/vnd.awslambda.http-integration-response",
      };
      const posted = fetch(`${base}/${id}/response`, {
        method: "POST",
        headers,
        body,
        duplex: "half",
      });
      await handler(event, body, context);
      await posted;
    } else {
      const result = await handler(event, context);
      await fetch(`${base}/${id}/response`, { method: "POST", body: JSON.stringify(result) });
    }
  } catch (error) {
    const body = JSON.stringify({ errorMessage: String(error), errorType: error.name });
    await fetch(`${base}/${id}/error`, { method: "POST", body });
  }
}
