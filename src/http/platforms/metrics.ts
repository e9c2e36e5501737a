/** Counts of this process in Prometheus's text format. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Metrics } from "../service.ts";

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "rethink_http_request_seconds",
    help: "Time from a request to the head of its answer",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.5, 1, 5, 20, 60],
    registers,
  });
  const images = new Counter({
    name: "rethink_evaluated_images_total",
    help: "Images classified",
    labelNames: ["runtime"],
    registers,
  });
  const running = new Gauge({
    name: "rethink_evaluations_running",
    help: "Evaluations that run now",
    registers,
  });
  return {
    answered: (labels, seconds) => requests.observe(labels, seconds),
    evaluated: (runtime, count) => images.inc({ runtime }, count),
    running: (count) => running.set(count),
    page: async () => ({ text: await registry.metrics(), type: registry.contentType }),
  };
}
