/** Bounds the memory of WebAssembly that a model may take, which else is 4 GiB: of the process that serves. */

/** Pages of 64 KiB: a gigabyte. Of what is published, CIFAR-10's kernel machine takes most, 200 MiB. */
const PAGES = 2 ** 14;

interface Limits {
  initial: number;
  maximum?: number;
}

type MemoryOf = new (limits: Limits) => object;

const api = WebAssembly as unknown as { Memory: MemoryOf };
const Unbounded = api.Memory;

class Bounded extends Unbounded {
  constructor(limits: Limits) {
    super({ ...limits, maximum: Math.min(limits.maximum ?? PAGES, PAGES) });
  }
}

let within = 0;

/**
 * Lets a memory that is made meanwhile grow so far: onnxruntime-web, which has no option for it,
 * makes its one with its first session. Whoever shares the process has the platform's again after.
 */
export async function withBoundedMemory<T>(work: () => Promise<T>): Promise<T> {
  within += 1;
  api.Memory = Bounded;
  try {
    return await work();
  } finally {
    within -= 1;
    if (within === 0) api.Memory = Unbounded;
  }
}
