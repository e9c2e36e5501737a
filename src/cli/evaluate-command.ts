/** How `evaluate` is used. */
import { type Command, Option } from "commander";
import { named, whole } from "./arguments.ts";
import type { EvaluateOptions } from "./evaluate.ts";
import { divisorsOption, numberOption, numbersOption, viewOption } from "./view-option.ts";

export function addEvaluate(program: Command) {
  program
    .command("evaluate <file>")
    .description("count an ONNX network of your own on any view")
    .option(
      "--data <view>",
      "what to count it on: a view's name, or the view as JSON",
      viewOption,
      viewOption("true"),
    )
    .addOption(
      new Option("--split <name>", "which examples")
        .choices(["train", "test", "both"])
        .default("both"),
    )
    .addOption(
      new Option("--runtime <name>", "what runs it: one alone leaves open how far another is")
        .choices(["native", "wasm", "both"])
        .default("both"),
    )
    .option(
      "--fixture <file>",
      "write what another machine must find, and predictions/ beside: verify --model FILE --fixture FILE",
      named,
    )
    .option(
      "--reference <n>",
      "examples of a split whose logits are kept, bit for bit, rounded up to thousands",
      whole(1000),
      10_000,
    )
    .option(
      "--scale <x>",
      "of a network that takes floats: times this, 1/255 for one",
      numberOption,
    )
    .option("--mean <x>", "then less this, one number or one a channel", numbersOption)
    .option("--deviation <x>", "then divided by this", divisorsOption)
    .addOption(
      new Option("--layout <order>", "of the input's dimensions").choices(["NCHW", "NHWC"]),
    )
    .option("--crop <pixels>", "the centre so wide and high", whole(1, 32))
    .option("--json", "print JSON")
    .action(async (file: string, options: EvaluateOptions) => {
      await (await import("./evaluate.ts")).evaluateFile(file, options);
    });
}
