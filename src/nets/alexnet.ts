/**
 * The small AlexNet (paper, Appendix A): two modules of 5×5 convolution, 3×3
 * max pooling and local response normalization, then 384 and 192 units. The
 * paper gives no constants; these are those of TensorFlow's CIFAR-10 network
 * of the time, which has the same layers.
 */
import { CLASSES, type Layer, type Net } from "./net.ts";

function module(name: string): Layer[] {
  return [
    { kind: "conv", name, filters: 64, size: 5, stride: 1, bias: true },
    { kind: "relu" },
    { kind: "max-pool", size: 3, stride: 2 },
    { kind: "lrn", radius: 4, bias: 1, alpha: 0.001 / 9, beta: 0.75 },
  ];
}

export const alexnet: Net = {
  name: "alexnet",
  text: "small AlexNet",
  layers: [
    ...module("conv1"),
    ...module("conv2"),
    { kind: "flatten" },
    { kind: "dense", name: "hidden1", units: 384 },
    { kind: "relu" },
    { kind: "dense", name: "hidden2", units: 192 },
    { kind: "relu" },
    { kind: "dense", name: "logits", units: CLASSES },
  ],
};
