/** For platforms that compile no WebAssembly while they run: the module comes from their build. */

/** What onnxruntime-web asks of WebAssembly; its types are no part of ES2023's. */
type Instantiate = (source: unknown, imports?: WebAssembly.Imports) => Promise<unknown>;

/**
 * Lets `WebAssembly.instantiate` answer bytes with an instance of this module, whatever they are:
 * onnxruntime-web has no way to be given a module.
 */
export function instantiateAlways(module: WebAssembly.Module): void {
  const instantiate = WebAssembly.instantiate as Instantiate;
  const instead: Instantiate = async (source, imports) =>
    source instanceof WebAssembly.Module
      ? await instantiate(source, imports)
      : { module, instance: await instantiate(module, imports) };
  WebAssembly.instantiate = instead as typeof WebAssembly.instantiate;
}
