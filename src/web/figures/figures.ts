/** The figures by id. */
import { ACCURACY } from "./accuracy.ts";
import { ERROR } from "./error.ts";
import type { Figure } from "./figure.ts";
import { LOSS } from "./loss.ts";
import { NORMALIZATION } from "./normalization.ts";
import { TIME } from "./time.ts";

export const FIGURES: Figure[] = [ACCURACY, LOSS, TIME, ERROR, NORMALIZATION];
