/** Counts of this process in Prometheus's text format. */
import type { Metrics } from "../service.ts";

/** prom-client is ninety files: neither the start nor the first answer waits for it. */
async function openRegistry() {
  const { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } = await import(
    "prom-client"
  );
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
  return { registry, requests, images, running };
}

type Counts = Awaited<ReturnType<typeof openRegistry>>;

export function createMetrics(): Metrics {
  let counts: Counts | undefined;
  let opening: Promise<Counts> | undefined;
  const early: ((counts: Counts) => void)[] = [];

  async function open(): Promise<Counts> {
    counts = await openRegistry();
    for (const count of early.splice(0)) count(counts);
    return counts;
  }

  function opened(): Promise<Counts> {
    opening ??= open();
    opening.catch(() => {
      opening = undefined;
    });
    return opening;
  }

  function count(by: (counts: Counts) => void): void {
    if (counts) by(counts);
    else {
      early.push(by);
      void opened();
    }
  }

  return {
    answered: (labels, seconds) => count(({ requests }) => requests.observe(labels, seconds)),
    evaluated: (runtime, number) => count(({ images }) => images.inc({ runtime }, number)),
    running: (number) => count(({ running }) => running.set(number)),
    async page() {
      const { registry } = await opened();
      return { text: await registry.metrics(), type: registry.contentType };
    },
  };
}
