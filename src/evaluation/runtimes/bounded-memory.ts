/** Bounds the memory of WebAssembly that a model may take, which else is 4 GiB: of the process that serves. */

/** Pages of 64 KiB: a gigabyte. Of what is published, CIFAR-10's kernel machine takes most, 200 MiB. */
const PAGES = 2 ** 14;

interface Limits {
  initial: number;
  maximum?: number;
}

type MemoryOf = new (limits: Limits) => object;

let bounded = false;

/** Lets every memory that is made from now on grow so far: onnxruntime-web has no option for it. */
export function boundMemory(): void {
  if (bounded) return;
  bounded = true;
  const api = WebAssembly as unknown as { Memory: MemoryOf };
  api.Memory = class extends api.Memory {
    constructor(limits: Limits) {
      super({ ...limits, maximum: Math.min(limits.maximum ?? PAGES, PAGES) });
    }
  };
}
