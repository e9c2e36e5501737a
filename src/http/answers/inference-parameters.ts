/** The parameters of an inference request that are heeded here. */

/** Of the protocol, of the binary extension and of our own; `content_type` repeats the datatype. */
const HEEDED = {
  parameters: ["runtime", "binary_data_output", "content_type"],
  inputs: ["binary_data_size", "content_type"],
  outputs: ["binary_data", "content_type"],
};

interface Parameterized {
  parameters: Record<string, unknown>;
}

/**
 * What to say of a parameter that is not heeded, such as `classification` of the classification
 * extension: ignored, its answer would look like what was asked for.
 */
export function unheededParameter(request: {
  parameters: Record<string, unknown>;
  inputs: Parameterized[];
  outputs?: Parameterized[] | undefined;
}): string | undefined {
  const { parameters, inputs, outputs = [] } = request;
  const places: [string, string[], Record<string, unknown>][] = [
    ["parameters", HEEDED.parameters, parameters],
    ...inputs.map((one, k) => place(`inputs.${k}.parameters`, HEEDED.inputs, one)),
    ...outputs.map((one, k) => place(`outputs.${k}.parameters`, HEEDED.outputs, one)),
  ];
  for (const [at, heeded, given] of places) {
    const unheeded = Object.keys(given).find((name) => !heeded.includes(name));
    if (unheeded === undefined) continue;
    return `${at}.${unheeded.slice(0, 100)}: no extension with it is offered here; binary_tensor_data alone is`;
  }
  return undefined;
}

function place(at: string, heeded: string[], { parameters }: Parameterized) {
  return [at, heeded, parameters] as [string, string[], Record<string, unknown>];
}
