/** A storage over HTTP against a server that is well, slow, failing, or breaks off. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { originStorage } from "../../src/datasets/origin.ts";
import { InputError } from "../../src/datasets/storage.ts";

const FILE = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
let failures = 0;
let asked = 0;

const ranged = (request: IncomingMessage, response: ServerResponse, ranges: boolean) => {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  if (from === undefined || to === undefined || !ranges) {
    return response.writeHead(200, { ETag: '"v1"', "Content-Length": FILE.length }).end(FILE);
  }
  if (Number(to) >= FILE.length) return response.writeHead(416).end();
  return response
    .writeHead(206, { "Content-Range": `bytes ${from}-${to}/${FILE.length}` })
    .end(FILE.subarray(Number(from), Number(to) + 1));
};

const BEHAVIOURS: Record<string, (request: IncomingMessage, response: ServerResponse) => unknown> =
  {
    "/base/good": (request, response) => ranged(request, response, true),
    "/base/plain": (request, response) => ranged(request, response, false),
    "/base/fails-twice": (request, response) =>
      failures++ < 2 ? response.writeHead(500).end() : ranged(request, response, true),
    "/base/fails": (_, response) => response.writeHead(500).end("at /srv/secret"),
    "/base/forbidden": (_, response) => response.writeHead(403).end(),
    "/base/slow": () => {},
    "/base/breaks-off": (_, response) => {
      response.writeHead(206, { "Content-Range": "bytes 0-9/1000", "Content-Length": 10 });
      response.write(FILE.subarray(0, 4), () => response.destroy());
    },
    "/base/short": (_, response) =>
      response.writeHead(206, { "Content-Range": "bytes 0-9/1000" }).end(FILE.subarray(0, 4)),
    "/base/elsewhere": (_, response) =>
      response.writeHead(206, { "Content-Range": "bytes 5-14/1000" }).end(FILE.subarray(5, 15)),
  };

const server = createServer((request, response) => {
  asked++;
  const behave = BEHAVIOURS[request.url ?? ""];
  if (behave) behave(request, response);
  else response.writeHead(404).end();
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;
const storage = originStorage(`http://127.0.0.1:${port}/base`, { seconds: 0.5, tries: 3 });

test.before.each(() => {
  asked = 0;
  failures = 0;
});
test.after(() => {
  server.closeAllConnections();
  server.close();
});

async function refuses(path: string, reason: RegExp, tries: number) {
  try {
    await storage.read(path, 0, 10);
    assert.unreachable("it was accepted");
  } catch (error) {
    assert.instance(error, InputError);
    assert.match((error as Error).message, reason);
  }
  assert.is(asked, tries);
}

test("whole files and ranges, from servers with ranges and without", async () => {
  for (const path of ["good", "plain"]) {
    assert.equal(await storage.read(path), FILE);
    assert.equal(await storage.read(path, 10, 30), FILE.slice(10, 30));
    assert.is(await storage.exists(path), true);
    assert.is(await storage.version(path), '"v1"');
  }
});

test("what is not there does not exist and cannot be read", async () => {
  assert.is(await storage.exists("nothing"), false);
  assert.is(await storage.version("nothing"), undefined);
  asked = 0;
  await refuses("nothing", /cannot read nothing: there is no such file/, 1);
});

test("a range past the end is refused", async () => {
  for (const path of ["good", "plain"]) {
    try {
      await storage.read(path, 990, 1010);
      assert.unreachable("it was accepted");
    } catch (error) {
      assert.match((error as Error).message, /it is shorter than that/);
    }
  }
});

test("a failure that passes is overcome", async () => {
  assert.equal(await storage.read("fails-twice", 0, 10), FILE.slice(0, 10));
  assert.is(asked, 3);
});

test("failures that stay name the reason", async () => {
  await refuses("fails", /^cannot read fails: status 500$/, 3);
});
test("what is forbidden is asked for once", () => refuses("forbidden", /status 403/, 1));
test("the body of a refusal is not left lying", async () => {
  const { fetch } = globalThis;
  let cancelled = 0;
  globalThis.fetch = async () =>
    new Response(new ReadableStream({ cancel: () => void cancelled++ }), { status: 403 });
  await refuses("anything", /status 403/, 0).finally(() => {
    globalThis.fetch = fetch;
  });
  assert.is(cancelled, 1);
});
test("a server that is slow is given up", () => refuses("slow", /longer than 0\.5 s/, 3));
test("a body that breaks off is not taken", () =>
  refuses("breaks-off", /no answer|ended after/, 3));
test("a body that is short is not taken", () => refuses("short", /ended after 4 of 10 bytes/, 3));
test("another range is not taken", () =>
  refuses("elsewhere", /"bytes 5-14\/1000" was answered/, 1));

test.run();
