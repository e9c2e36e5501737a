/** Compiles a file that lies beside a bundle. Node's fetch reads no file; others have no file system. */
export async function compileFile(address: URL): Promise<WebAssembly.Module> {
  const isNode = globalThis.process?.versions?.node !== undefined && address.protocol === "file:";
  const bytes = isNode
    ? new Uint8Array(await (await import("node:fs/promises")).readFile(address))
    : await (await fetch(address)).arrayBuffer();
  return await WebAssembly.compile(bytes);
}
