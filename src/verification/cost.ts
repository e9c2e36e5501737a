/** What recomputing takes, relative to each other: so that work can be cut into equal parts. */
import type { Checkpoint } from "../evaluation/checkpoint.ts";
import type { RuntimeName } from "../evaluation/runtimes/runtime.ts";
import { type Net, readNet, sizeOf } from "../nets/net.ts";
import { NETS } from "../nets/registry.ts";

/** What one example asks for: multiplications, and elements that are normalized over channels. */
interface Arithmetic {
  products: number;
  normalized: number;
}

function arithmeticOf(net: Net): Arithmetic {
  const total: Arithmetic = { products: 0, normalized: 0 };
  readNet<undefined>(
    net,
    {
      operation(layer, _, [height, width, channels]) {
        if (layer.kind === "conv") {
          const pixels = Math.ceil(height / layer.stride) * Math.ceil(width / layer.stride);
          total.products += pixels * layer.size ** 2 * channels * layer.filters;
        } else if (layer.kind === "dense") total.products += channels * layer.units;
        else if (layer.kind === "lrn") total.normalized += sizeOf([height, width, channels]);
        return undefined;
      },
      concat: () => undefined,
    },
    undefined,
  );
  return total;
}

/** Milliseconds on two quiet cores, of: any example, a million products, a million normalized elements. */
const MILLISECONDS: Record<RuntimeName, [number, number, number]> = {
  native: [0.0075, 0.0051, 5.6],
  wasm: [0.06, 0.093, 5],
};

export interface Costs {
  perExample: number;
  /** To read the published files, check them and count all predictions. */
  counts: number;
}

/** A net that is no list of layers computes about as many products as it has weights. */
export function costsOf({ recipe, model }: Checkpoint, runtime: RuntimeName): Costs {
  const net = Object.values(NETS).find(({ name }) => name === recipe.net);
  const { products, normalized } = net
    ? arithmeticOf(net)
    : { products: model.parameters, normalized: 0 };
  const [example, product, normalization] = MILLISECONDS[runtime];
  const perExample = example + (product * products + normalization * normalized) / 1e6;
  return { perExample, counts: Math.round(30 + model.bytes / 2e5) };
}
