/** `--data`: what a network is counted on, by the names that checkpoints are called after. */
import { InvalidArgumentError } from "commander";
import * as v from "valibot";
import { type View, ViewSchema } from "../datasets/view.ts";
import { VIEWS } from "../recipes.ts";

/** @throws InvalidArgumentError that lists the names. */
export function viewOption(text: string): View {
  if (Object.hasOwn(VIEWS, text)) return VIEWS[text as keyof typeof VIEWS];
  if (text.startsWith("{")) {
    try {
      return v.parse(ViewSchema, JSON.parse(text));
    } catch (error) {
      throw new InvalidArgumentError(`it is no view: ${(error as Error).message}`);
    }
  }
  throw new InvalidArgumentError(`it must be ${Object.keys(VIEWS).join(", ")}, or a view as JSON.`);
}

/** One number or three; 1/255 is one. */
export function numbersOption(text: string): number[] {
  const numbers = text.split(",").map((part) => {
    const [a = "", b = "1"] = part.split("/");
    return a.trim() === "" || part.split("/").length > 2 ? Number.NaN : Number(a) / Number(b);
  });
  if ((numbers.length !== 1 && numbers.length !== 3) || !numbers.every(Number.isFinite)) {
    throw new InvalidArgumentError("it must be a number, or three, one a channel: 0.49,0.48,0.45.");
  }
  return numbers;
}

/** What is divided by: none of them is 0. */
export function divisorsOption(text: string): number[] {
  const numbers = numbersOption(text);
  if (numbers.includes(0)) throw new InvalidArgumentError("nothing can be divided by 0.");
  return numbers;
}

/** One number; 1/255 is one. */
export function numberOption(text: string): number {
  const [first, ...others] = numbersOption(text);
  if (first === undefined || others.length > 0)
    throw new InvalidArgumentError("it must be a number.");
  return first;
}
