/** The small Inception (paper, Appendix A, Figure 3), with and without batch norm. */
import { CLASSES, type Layer, type Net } from "./net.ts";

function inceptionNet(name: string, batchNorm: boolean): Net {
  /** Convolution, batch norm, ReLU; without batch norm a bias takes the offset's place. */
  function conv(layer: string, filters: number, size: number, stride = 1): Layer[] {
    const normed: Layer[] = batchNorm ? [{ kind: "batch-norm", name: layer }] : [];
    return [
      { kind: "conv", name: layer, filters, size, stride, bias: !batchNorm },
      ...normed,
      { kind: "relu" },
    ];
  }
  function module(layer: string, ones: number, threes: number): Layer {
    return {
      kind: "concat",
      branches: [conv(`${layer}/1x1`, ones, 1), conv(`${layer}/3x3`, threes, 3)],
    };
  }
  function downsample(layer: string, threes: number): Layer {
    return {
      kind: "concat",
      branches: [conv(`${layer}/3x3`, threes, 3, 2), [{ kind: "max-pool", size: 3, stride: 2 }]],
    };
  }
  return {
    name,
    text: `small Inception ${batchNorm ? "with" : "without"} batch normalization`,
    layers: [
      ...conv("conv1", 96, 3),
      module("inception1", 32, 32),
      module("inception2", 32, 48),
      downsample("downsample1", 80),
      module("inception3", 112, 48),
      module("inception4", 96, 64),
      module("inception5", 80, 80),
      module("inception6", 48, 96),
      downsample("downsample2", 96),
      module("inception7", 176, 160),
      module("inception8", 176, 160),
      { kind: "mean-pool" },
      { kind: "dense", name: "logits", units: CLASSES },
    ],
  };
}

export const inception = inceptionNet("inception", true);
export const inceptionNoBatchNorm = inceptionNet("inception-nobn", false);
