/** What makes checkpoints, as the command line offers it: train, retrain, fixtures, export. */
import { type Command, Option } from "commander";
import { CONVOLUTIONAL_REFERENCE } from "../evaluation/extent.ts";
import { BACKENDS } from "../training/backend-name.ts";
import { queue, whole } from "./arguments.ts";
import type { TrainOptions } from "./made.ts";

export function addTraining(program: Command): void {
  program
    .command("train <id...>")
    .description("make a checkpoint by its recipe; goes on where it was stopped")
    .addOption(
      new Option("--backend <name>", "what computes").choices(BACKENDS).default("tensorflow"),
    )
    .option("--restart", "begin anew, whatever was saved here, or answered and saved by workers")
    .addOption(
      new Option(
        "--mixed",
        "go on from what another device or library computed; checkpoint.json names both",
      ).conflicts(["restart", "queue"]),
    )
    .option(
      "--no-hits",
      "leave out of history.json what the net hits after each epoch: sooner done",
    )
    .option("--queue <url>", "let the workers at that Redis or Valkey train", queue)
    .action(async (ids: string[], options: TrainOptions & { queue?: URL }) => {
      await (await import("./train.ts")).train(ids, options);
    });
  program
    .command("retrain <id>")
    .description(
      "train a published checkpoint again by its recipe and compare the digest of model.onnx; 1 if it is another",
    )
    .addOption(
      new Option("--backend <name>", "what computes").choices(BACKENDS).default("tensorflow"),
    )
    .option("--restart", "begin anew, whatever came of a retraining that was stopped")
    .option("--queue <url>", "let a worker at that Redis or Valkey train", queue)
    .action(async (id: string, options: TrainOptions & { queue?: URL }) => {
      await (await import("./retrain.ts")).retrain(id, { ...options, hits: false });
    });
  program
    .command("fixtures <id>")
    .description("evaluate a checkpoint whole and write its fixture")
    .option(
      "--reference <n>",
      "examples of a split whose logits on wasm are published of a convolutional net",
      whole(1000),
      CONVOLUTIONAL_REFERENCE,
    )
    .action(async (id: string, { reference }: { reference: number }) => {
      await (await import("./fixtures.ts")).fixtures(id, reference);
    });
  program
    .command("export [id...]")
    .description(
      "write model files anew from their own weights; refuses one whose logits would differ",
    )
    .action(async (ids: string[]) => {
      await (await import("./export.ts")).exportModels(ids);
    });
}
