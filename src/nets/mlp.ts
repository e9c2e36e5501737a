/** Multi-layer perceptrons with ReLU (paper, Appendix A). */
import { CLASSES, type Layer, type Net } from "./net.ts";

function mlp(name: string, hidden: number[], text: string): Net {
  const layers = hidden.flatMap((units, k): Layer[] => [
    { kind: "dense", name: `hidden${k + 1}`, units },
    { kind: "relu" },
  ]);
  return {
    name,
    text: `multilayer perceptron with ${text} of 512 units`,
    layers: [{ kind: "flatten" }, ...layers, { kind: "dense", name: "logits", units: CLASSES }],
  };
}

export const mlp1x512 = mlp("mlp-1x512", [512], "one hidden layer");
export const mlp3x512 = mlp("mlp-3x512", [512, 512, 512], "three hidden layers");
