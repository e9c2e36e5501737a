/** A service in this process, whose parts a test may replace. */
import { openDataset } from "../../src/local/dataset.ts";
import { project } from "../../src/local/project.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import { createApp } from "../../src/http/app.ts";
import { createMetrics } from "../../src/http/platforms/metrics.ts";
import { createService, type ServiceOptions } from "../../src/http/service.ts";

const dataset = await openDataset();
const runtimes = [await openRuntime("native"), await openRuntime("wasm")];

export function openService(change: Partial<ServiceOptions> = {}) {
  const records: Record<string, unknown>[] = [];
  const service = createService({
    project,
    disk: true,
    dataset,
    counting: false, // it would leave the whole dataset in memory, where tests break it
    runtimes,
    limits: { running: 2, waiting: 16, seconds: 300 },
    log: (record) => records.push(record),
    metrics: createMetrics(),
    ...change,
  });
  return { service, app: createApp(service), records };
}
