/**
 * Memory of a Worker's isolate: V8's heap and the buffers that it holds, by the inspector, and
 * WebAssembly's memories, which a bench's entry counts.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { NodeWebSocketTransport } from "puppeteer-core/internal/node/NodeWebSocketTransport.js";
import { WASM } from "../deploy/bundle.ts";
import type { RunningWorker } from "../deploy/workers/workerd.ts";

const MIB = 2 ** 20;

/** The Worker's entry that answers at /memory with the bytes of all of WebAssembly's memories. */
export const COUNTING_ENTRY = `
import compiled from "./${WASM}";
import { createWorker } from "./src/http/platforms/workers.ts";
const { Memory } = WebAssembly;
const memories = [];
WebAssembly.Memory = function (descriptor) {
  const memory = new Memory(descriptor);
  memories.push(memory);
  return memory;
};
WebAssembly.Memory.prototype = Memory.prototype;
const worker = createWorker(compiled);
export default {
  fetch(request, ...rest) {
    if (new URL(request.url).pathname !== "/memory") return worker.fetch(request, ...rest);
    return new Response(String(memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)));
  },
};
`;

interface HeapUsage {
  totalSize: number;
  backingStorageSize: number;
}

async function inspect(port: number | undefined) {
  const [target] = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
  const socket = await NodeWebSocketTransport.create(target.webSocketDebuggerUrl);
  const waiting = new Map<number, (usage: HeapUsage) => void>();
  socket.onmessage = (text) => {
    const { id, result } = JSON.parse(`${text}`);
    waiting.get(id)?.(result);
  };
  let asked = 0;
  return {
    heap: () =>
      new Promise<HeapUsage>((resolve) => {
        waiting.set(++asked, resolve);
        socket.send(JSON.stringify({ id: asked, method: "Runtime.getHeapUsage" }));
      }),
    close: () => socket.close(),
  };
}

/**
 * The most that an isolate has while it works, in MiB, looked at between its batches.
 * @param worker of COUNTING_ENTRY, with its inspector on
 */
export async function mostMemory(worker: RunningWorker, work: () => Promise<unknown>) {
  const { heap, close } = await inspect(worker.inspector);
  const most = { heap: 0, buffers: 0, sum: 0 };
  let working = true;
  const looking = (async () => {
    while (working) {
      const { totalSize, backingStorageSize } = await heap();
      most.heap = Math.max(most.heap, totalSize / MIB);
      most.buffers = Math.max(most.buffers, backingStorageSize / MIB);
      most.sum = Math.max(most.sum, (totalSize + backingStorageSize) / MIB);
      await sleep(20);
    }
  })();
  await work().finally(() => {
    working = false;
  });
  await looking;
  close();
  const wasm = Number(await (await fetch(`${worker.origin}/memory`)).text()) / MIB; // it never shrinks
  return { ...most, wasm, all: most.sum + wasm };
}
