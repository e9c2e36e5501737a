/** The choice of backend, and the switches that decide the bits of what it computes. */
import { createRequire } from "node:module";
import { cpus } from "node:os";
import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js";
import { InputError } from "../datasets/storage.ts";
import type { Net } from "../nets/net.ts";
import type { BackendName } from "./backend-name.ts";
import { eagerStepper, type StepOptions } from "./eager.ts";
import type { State, Stepper } from "./stepper.ts";
import { graphStepper } from "./tensorflow/graph-stepper.ts";

export interface Backend {
  name: BackendName;
  /** Of the library that computes. */
  version: string;
  device: string;
  threads: number;
  /** The environment switches that were set. */
  environment: Record<string, string>;
  open(net: Net, state: State, batchSizes: number[], options: StepOptions): Promise<Stepper>;
}

/**
 * TensorFlow's results depend on how many threads share a sum, on oneDNN and
 * on the instruction set, so all three are fixed, unless the environment says
 * otherwise; TF32 would round a GPU's inputs. AVX2 is what nearly every
 * processor has; AVX512_CORE trains Inception 1.4 times as fast where it is had.
 */
const SWITCHES: Record<string, string> = {
  TF_NUM_INTRAOP_THREADS: "2",
  TF_NUM_INTEROP_THREADS: "1",
  TF_ENABLE_ONEDNN_OPTS: "1",
  ONEDNN_MAX_CPU_ISA: "AVX2",
  TF_DETERMINISTIC_OPS: "1",
  TF_CUDNN_DETERMINISTIC: "1",
  NVIDIA_TF32_OVERRIDE: "0",
};

function processor(): string {
  return cpus()[0]?.model.trim() ?? "unknown";
}

async function openTensorFlow(): Promise<Backend> {
  const environment = Object.fromEntries(
    Object.entries(SWITCHES).map(([name, value]) => [name, process.env[name] || value]),
  );
  Object.assign(process.env, environment, { TF_CPP_MIN_LOG_LEVEL: "2" });
  const require = createRequire(import.meta.url);
  const util = require("node:util") as Record<string, unknown>;
  // tfjs-node calls a function that Node 23 removed.
  util.isNullOrUndefined ??= (x: unknown) => x === null || x === undefined;
  try {
    require("@tensorflow/tfjs-node-gpu");
  } catch (error) {
    const [line] = String(error).split("\n");
    throw new InputError(`TensorFlow is not set up (${line}); run npm run setup:training`);
  }
  await tf.setBackend("tensorflow");
  const backend = tf.backend() as unknown as NodeJSKernelBackend;
  return {
    name: "tensorflow",
    version: `tensorflow ${backend.binding.TF_Version}`,
    device: backend.isUsingGpuDevice ? "CUDA GPU" : processor(),
    threads: Number(environment.TF_NUM_INTRAOP_THREADS),
    environment,
    open: (net, state, batchSizes, options) =>
      graphStepper(backend, net, state, batchSizes, options),
  };
}

/** tfjs's own backends run the step op by op. */
async function openEager(name: "webgpu" | "cpu", device: string): Promise<Backend> {
  if (!(await tf.setBackend(name).catch(() => false))) {
    throw new InputError(`tfjs has no ${name} backend here; use --backend tensorflow`);
  }
  await tf.ready();
  return {
    name,
    version: `tfjs ${tf.version.tfjs}`,
    device,
    threads: 1,
    environment: {},
    open: async (net, state, _, options) => eagerStepper(net, state, options),
  };
}

async function openWebGpu(): Promise<Backend> {
  try {
    const { registerWebGpu } = await import("./webgpu.ts");
    return await openEager("webgpu", await registerWebGpu());
  } catch (error) {
    if (error instanceof InputError) throw error;
    const [line] = String(error).split("\n");
    throw new InputError(
      `WebGPU is not available (${line}); run npm install --no-save @tensorflow/tfjs-backend-webgpu webgpu, or use --backend tensorflow`,
    );
  }
}

/** @throws InputError that says what to run where the backend is missing. */
export async function openBackend(name: BackendName): Promise<Backend> {
  switch (name) {
    case "tensorflow":
      return await openTensorFlow();
    case "webgpu":
      return await openWebGpu();
    case "cpu":
      return await openEager("cpu", processor());
    default:
      throw name satisfies never;
  }
}
