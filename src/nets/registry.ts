/** The trained nets by name: the one list of them. */
import { alexnet } from "./alexnet.ts";
import { inception, inceptionNoBatchNorm } from "./inception.ts";
import { mlp1x512, mlp3x512 } from "./mlp.ts";
import type { Net } from "./net.ts";

export const NETS = {
  inception,
  "inception-nobn": inceptionNoBatchNorm,
  alexnet,
  "mlp-3x512": mlp3x512,
  "mlp-1x512": mlp1x512,
} satisfies Record<string, Net>;

export type TrainedNet = keyof typeof NETS;
