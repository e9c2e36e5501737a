/** tfjs on WebGPU: the platform's own (Deno, browsers), or Dawn's in the package `webgpu` under Node. */
import * as tf from "@tensorflow/tfjs";

// Both packages are for those who train on a GPU; neither is among the dependencies.
const BACKEND_PACKAGE = "@tensorflow/tfjs-backend-webgpu";
const DAWN_PACKAGE = "webgpu";

/** Raised from WebGPU's defaults to what the adapter has, for large kernels. */
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
];

interface WebGpuBackend {
  WebGPUBackend: new (device: unknown, adapterInfo: unknown) => tf.KernelBackend;
}

interface Adapter {
  info: { vendor: string; architecture: string; device: string; description: string };
  limits: Record<string, number>;
  requestDevice(options: unknown): Promise<unknown>;
}

interface Gpu {
  requestAdapter(options: unknown): Promise<Adapter | null>;
}

async function findGpu(): Promise<Gpu> {
  const own = (globalThis.navigator as unknown as { gpu?: Gpu } | undefined)?.gpu;
  if (own) return own;
  const dawn = (await import(DAWN_PACKAGE)) as { create(flags: string[]): Gpu; globals: object };
  Object.assign(globalThis, dawn.globals);
  return dawn.create([]);
}

/**
 * Registers the backend "webgpu" on a device of our own: the package's own
 * request fails on adapters that have bgra8unorm-storage.
 * @returns the adapter's name
 */
export async function registerWebGpu(): Promise<string> {
  const adapter = await (await findGpu()).requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("no adapter");
  const { WebGPUBackend } = (await import(BACKEND_PACKAGE)) as WebGpuBackend;
  const limits = LIMITS.map((name) => [name, adapter.limits[name]] as const);
  const device = await adapter.requestDevice({ requiredLimits: Object.fromEntries(limits) });
  tf.removeBackend("webgpu"); // the package registers one with a device of its own
  tf.registerBackend("webgpu", () => new WebGPUBackend(device, adapter.info), 4);
  const { vendor, architecture, description } = adapter.info;
  return [vendor, architecture, description].filter(Boolean).join(" ") || "unknown adapter";
}
