/** Behind a real nginx that is told nothing but where the server is. */
import { spawnSync } from "node:child_process";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { configured, startNginx } from "../../../scripts/nginx.ts";
import { openService } from "../service.ts";

/** nginx gives up on a silent server after 60 s; 12 are as much longer than a comment's 10. */
const PATIENCE = 12;

const reason =
  "Deno" in globalThis
    ? "Node's run has asked the same"
    : spawnSync("nginx", ["-v"]).error?.message;
if (reason) console.log(`skipped: behind nginx: ${reason}`);
else {
  /** Runs with a service behind nginx, which serves it under the path as the proxy_pass says. */
  async function behind(
    path: string,
    below: string,
    change: Parameters<typeof openService>[0],
    run: (origin: string, service: ReturnType<typeof openService>["service"]) => Promise<void>,
  ) {
    const { app, service } = openService(change);
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const location = `location ${path} { proxy_pass http://127.0.0.1:${port}${below}; }`;
    const nginx = await startNginx((at) =>
      configured(`proxy_read_timeout ${PATIENCE}s; server { listen 127.0.0.1:${at}; ${location} }`),
    );
    try {
      await run(nginx.origin, service);
    } finally {
      await nginx.end();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /** What a stream has that waits for its turn for longer than nginx waits for a word. */
  async function waitForTurn(): Promise<string> {
    let text = "";
    await behind("/", "", {}, async (origin, service) => {
      const ends: (() => void)[] = [];
      const held = () => new Promise<void>((resolve) => ends.push(resolve));
      const client = () => new AbortController().signal; // another each, who takes a place of its own
      const busy = [service.limiter.run(client(), held), service.limiter.run(client(), held)];
      const release = () => {
        for (const end of ends) end();
      };
      try {
        const address = `${origin}/v1/claims/theorem-1/verification?shards=1&seed=7`;
        const response = await fetch(address, { headers: { Accept: "text/event-stream" } });
        setTimeout(release, PATIENCE * 1000 + 1500);
        text = await response.text();
      } finally {
        release();
        await Promise.all(busy);
      }
    });
    return text;
  }

  const waiting = waitForTurn(); // while the others run

  // A proxy_pass with a path takes the prefix away, one without leaves it there.
  for (const below of ["/", ""]) {
    test(`links hold under a path prefix that the proxy ${below ? "takes away" : "leaves"}`, async () => {
      await behind("/rethink/", below, { prefix: "/rethink" }, async (origin) => {
        const at = `${origin}/rethink/`;
        const ok = async (link: string, base: string) => {
          const response = await fetch(new URL(link, base));
          assert.is(response.status, 200, link);
          await response.body?.cancel();
        };
        const answer = async (path: string) => await (await fetch(at + path)).json();
        const { claims } = await answer("v1/claims");
        await ok(`${claims[0].links.verification}?shards=1&seed=1`, at);
        const { links } = await answer("v1/checkpoints/theorem1.random-labels");
        for (const link of [links.archive, links.predictions.test]) await ok(link, at);
        for (const link of Object.values(await answer(""))) await ok(link as string, at);
        const document = await answer("openapi.json");
        await ok(`${document.servers[0].url}/v1/datasets`, at);
        const docs = await fetch(`${at}docs`);
        const [, href = ""] = /href="([^"]+)"/.exec(await docs.text()) ?? [];
        await ok(href, docs.url);
        const problem = await answer("v1/claims/none");
        await ok(problem.type, at); // a redirect to /docs
        const page = await fetch(at, { headers: { Accept: "text/html" } });
        const hrefs = [...(await page.text()).matchAll(/href="([^"#:]+)"/g)].map(([, one]) => one);
        assert.ok(hrefs.length > 3);
        for (const one of hrefs.slice(0, 6)) await ok(one as string, page.url);
      });
    });
  }

  test("a stream that waits for its turn is not cut", async () => {
    const text = await waiting;
    assert.match(text, /^: .*\n\n: .*\n\n/);
    assert.match(text, /^event: verification$/m);
  });
}

test.run();
