/** /livez, /readyz and /metrics, for whoever keeps the server running. */
import { Hono } from "hono";
import { describe } from "../answers/describe.ts";
import { Problem } from "../answers/problem.ts";
import type { Service } from "../service.ts";

export function health(service: Service) {
  const text = { "text/plain": null };
  const tags = ["operation"];
  const app = new Hono()
    .get("/livez", describe({ summary: "The process answers", tags, content: text }), (c) =>
      c.text("ok", 200, { "Cache-Control": "no-store" }),
    )
    .get(
      "/readyz",
      describe({
        summary: "CIFAR-10 can be read and the server takes requests",
        tags,
        content: text,
        problems: ["shutting-down", "data-unavailable"],
      }),
      async (c) => {
        if (service.closing) throw new Problem("shutting-down", "send requests elsewhere");
        await service.dataset.read("cifar10/test_batch.bin", 0, 1);
        return c.text("ok", 200, { "Cache-Control": "no-store" });
      },
    );
  const { metrics } = service;
  if (metrics) {
    app.get(
      "/metrics",
      describe({ summary: "Prometheus metrics", tags, content: text }),
      async (c) => {
        metrics.running(service.limiter.running());
        const { text: page, type } = await metrics.page();
        return c.body(page, 200, { "Content-Type": type, "Cache-Control": "no-store" });
      },
    );
  }
  return app;
}
