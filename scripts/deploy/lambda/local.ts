/** A Lambda function as its clients meet it: the runtime API is served here, the runtime is a process. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

type Answered = (result: Buffer, streamed: boolean) => void;

/** API Gateway's HTTP API and function URLs send the same event, payload format 2.0. */
function eventOf(domain: string, path: string, init: RequestInit) {
  const url = new URL(path, `https://${domain}`);
  const { cookie, ...headers } = Object.fromEntries(new Headers(init.headers));
  const method = init.method ?? "GET";
  const body = init.body === undefined || init.body === null ? undefined : `${init.body}`;
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookie && { cookies: cookie.split("; ") }),
    headers: {
      accept: "*/*",
      host: domain,
      "x-forwarded-for": "192.0.2.1",
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
      ...headers,
    },
    requestContext: {
      accountId: "anonymous",
      apiId: domain.split(".")[0],
      domainName: domain,
      domainPrefix: domain.split(".")[0],
      http: {
        method,
        path: url.pathname,
        protocol: "HTTP/1.1",
        sourceIp: "192.0.2.1",
        userAgent: "test",
      },
      requestId: randomUUID(),
      routeKey: "$default",
      stage: "$default",
      time: "27/Nov/2026:12:00:00 +0000",
      timeEpoch: 1795780800000,
    },
    ...(body !== undefined && { body: Buffer.from(body).toString("base64") }),
    isBase64Encoded: body !== undefined,
  };
}

interface Result {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: boolean;
}

function responseOf(result: Buffer, streamed: boolean): Response {
  if (!streamed) {
    const { statusCode, headers, body, isBase64Encoded } = JSON.parse(`${result}`) as Result;
    const bytes = isBase64Encoded ? Buffer.from(body, "base64") : body;
    const none = [204, 304].includes(statusCode);
    return new Response(none ? null : bytes, { status: statusCode, headers });
  }
  const end = result.indexOf(Buffer.alloc(8));
  const { statusCode, headers } = JSON.parse(`${result.subarray(0, end)}`) as Result;
  const none = [204, 304].includes(statusCode);
  const body = new Uint8Array(result.subarray(end + 8));
  return new Response(none ? null : body, { status: statusCode, headers });
}

export interface LambdaFunction {
  ask(path: string, init?: RequestInit): Promise<Response>;
  end(): Promise<void>;
}

/**
 * @param folder what the zip holds
 * @param handler e.g. index.handler
 * @param domain of API Gateway, or of a function URL
 */
export async function startLambda(
  folder: string,
  handler: string,
  domain: string,
  environment: Record<string, string>,
): Promise<LambdaFunction> {
  const events: { id: string; event: unknown }[] = [];
  const waiting: ServerResponse[] = [];
  const answers = new Map<string, Answered>();

  function hand(): void {
    while (events.length > 0 && waiting.length > 0) {
      const { id, event } = events.shift() as (typeof events)[0];
      waiting.shift()?.setHeader("Lambda-Runtime-Aws-Request-Id", id).end(JSON.stringify(event));
    }
  }

  async function runtimeApi(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url?.endsWith("/next")) {
      waiting.push(response);
      return hand();
    }
    const [, id = "", what] = /invocation\/([^/]+)\/(\w+)$/.exec(request.url ?? "") ?? [];
    const result = await buffer(request);
    response.writeHead(202).end();
    if (what === "error") throw new Error(`${result}`);
    answers.get(id)?.(
      result,
      request.headers["lambda-runtime-function-response-mode"] === "streaming",
    );
  }

  const api = createServer((request, response) => void runtimeApi(request, response));
  api.keepAliveTimeout = 0; // the runtime may be silent for as long as a handler takes
  await new Promise<void>((resolve) => api.listen(0, "127.0.0.1", resolve));
  const runtime = fileURLToPath(new URL("runtime.mjs", import.meta.url));
  const child = spawn(process.execPath, [runtime], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${(api.address() as AddressInfo).port}`,
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: handler,
      ...environment,
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  return {
    async ask(path, init = {}) {
      const id = randomUUID();
      const answered = new Promise<Response>((resolve) => {
        answers.set(id, (result, streamed) => resolve(responseOf(result, streamed)));
      });
      events.push({ id, event: eventOf(domain, path, init) });
      hand();
      const gone = ended.then(() => Promise.reject(new Error("the function's process ended")));
      return await Promise.race([answered, gone]);
    },
    async end() {
      child.kill();
      await ended;
      api.closeAllConnections();
      api.close();
    },
  };
}
