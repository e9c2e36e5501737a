/** The trained nets by name. */
import type { TrainedNet } from "../recipe.ts";
import { alexnet } from "./alexnet.ts";
import { inception, inceptionNoBatchNorm } from "./inception.ts";
import { mlp1x512, mlp3x512 } from "./mlp.ts";
import type { Net } from "./net.ts";

export const NETS: Record<TrainedNet, Net> = {
  inception,
  "inception-nobn": inceptionNoBatchNorm,
  alexnet,
  "mlp-3x512": mlp3x512,
  "mlp-1x512": mlp1x512,
};
