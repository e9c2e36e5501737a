/** The command line. Exit 0: match; 1: mismatch; 2: wrong use or environment; 3: nothing evaluated. */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { CONVOLUTIONAL_REFERENCE } from "../evaluation/publish.ts";
import { DEFAULT_SHARDS } from "../evaluation/verify.ts";
import { settingsHelp } from "../http/settings.ts";
import type { Part } from "../verification/part.ts";
import type { DeliveryOptions } from "./deliver.ts";
import { exitCodeOf, tellFailure } from "./failure.ts";
import { exportModels } from "./export.ts";
import { type OwnModel, verifyOwn } from "./verify-own.ts";
import { addEvaluate } from "./evaluate-command.ts";
import { fixtures } from "./fixtures.ts";
import { list } from "./list.ts";
import { type PublishOptions, publish } from "./publish.ts";
import { type PullOptions, pull } from "./pull.ts";
import { fetchModelsFrom } from "../local/models.ts";
import { mergeReports } from "./merge.ts";
import { neverBegan, recordOf } from "./ran.ts";
import { reportOption } from "./reports/report-option.ts";
import { showKey, verifyReceipt, type Wanted } from "./receipt.ts";
import { retrain } from "./retrain.ts";
import { serve } from "./serve.ts";
import type { SiteOptions } from "./site.ts";
import { surviveLostOutput } from "./streams.ts";
import type { TrainOptions } from "./made.ts";
import { BACKENDS, train } from "./train.ts";
import { type VerifyOptions, verify } from "./verify.ts";
import type { WorkOptions } from "./work.ts";
import { print } from "../print.ts";

function whole(least: number) {
  return (text: string): number => {
    const n = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(n) || n < least) {
      throw new InvalidArgumentError(`it must be an integer of ${least} or more.`);
    }
    return n;
  };
}

function origin(text: string): URL {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError("it must be an http or https address.");
  }
  return new URL(text);
}

function queue(text: string): URL {
  if (!URL.canParse(text) || !/^(redis|valkey)s?:$|^rediss:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError("it must be the address of Redis or Valkey, redis://HOST:PORT.");
  }
  return new URL(text);
}

/** A list with commas, each of a few names. */
function among<T extends string>(names: readonly T[]) {
  return (text: string): T[] => {
    const all = text.split(",");
    const unknown = all.find((name) => !names.includes(name as T));
    if (unknown !== undefined)
      throw new InvalidArgumentError(`${unknown} is none of ${names.join(", ")}.`);
    return all as T[];
  };
}

/** A variable that is not set leaves an empty text behind. */
function named(text: string): string {
  if (text === "") throw new InvalidArgumentError("it must name a file.");
  return text;
}

/** "2/8" */
function part(text: string): Part {
  const [, k, n] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(text) ?? [];
  if (!k || !n || Number(k) > Number(n))
    throw new InvalidArgumentError("it must be k/n, the k-th of n parts: 2/8.");
  return { part: Number(k), of: Number(n) };
}

/** What `verify` and `merge` do with what came out. */
function addDelivery(command: Command): Command {
  return command
    .option("--json", "print JSON, as fixtures/schemas/verification.json has it")
    .option(
      "--report <kind>",
      "write a report: json=FILE, junit=FILE, markdown=FILE, or github; may be repeated",
      reportOption,
    )
    .option(
      "--expect <file>",
      "compare statuses and digests with what is expected; any difference is exit 1",
      named,
    )
    .option("--write-expect <file>", "write what this run gives as what is expected", named)
    .option("--quiet", "print the outcome and what is wrong alone");
}

const fromOption = new Option(
  "--from <place>",
  "where models are fetched from: a folder, an archive, or an address (RETHINK_MODELS)",
);

const program = new Command("rethink")
  .description(
    'Checks the claims of "Understanding deep learning requires rethinking generalization".',
  )
  .exitOverride()
  .showHelpAfterError("(--help shows how to use it)")
  .hook("preAction", (_, command) => {
    const { from } = command.opts<{ from?: string }>();
    if (from) fetchModelsFrom(from);
  });

addDelivery(program.command("verify"))
  .description("recompute published counts on real CIFAR-10 and decide the claims")
  .option("--checkpoint <id...>", "only these checkpoints; * and ? stand for any letters")
  .option(
    "--claim <id...>",
    'only these claims, "Table 1" for a group, and the checkpoints that bear on them',
  )
  .addOption(
    new Option("--runtime <name>", "what runs the models")
      .choices(["native", "wasm"])
      .default("native"),
  )
  .option(
    "--shards <n>",
    "shards of 1,000 examples a split, drawn at random",
    whole(1),
    DEFAULT_SHARDS,
  )
  .addOption(fromOption)
  .option("--model <file>", "a network of your own, held against the --fixture that evaluate wrote")
  .option("--fixture <file>", "what it must give")
  .option(
    "--pack <folder>",
    "networks and claims of your own: claims.json, models/, fixtures/",
    named,
  )
  .option("--seed <n>", "draw the same shards again", whole(0))
  .option("--full", "every shard")
  .addOption(
    new Option(
      "--part <k/n>",
      "the k-th of n parts of the work, cut by cost; merge adds their JSON reports up",
    )
      .argParser(part)
      .conflicts(["queue", "receipt"]),
  )
  .option(
    "--url <origin>",
    "let the server there evaluate, and trust that it does; with --full or the same --seed it goes on after a break",
    origin,
  )
  .option("--concurrency <n>", "requests to that server at once", whole(1), 4)
  .addOption(
    new Option("--queue <url>", "let the workers at that Redis or Valkey evaluate: rethink work")
      .argParser(queue)
      .conflicts("url"),
  )
  .option("--receipt <file>", "sign what came out and write it as an in-toto bundle", named)
  .addHelpText(
    "after",
    `
Exit status:
  0  all that ran matched, and each claim of --claim is reproduced
  1  something differs from what is published, a missing or broken file of it included,
     or a claim of --claim is not reproduced
  2  wrong use, or something else is missing or broken here
  3  nothing was evaluated, or too little to decide a claim of --claim

With --expect the statuses of claims are as they should be if they are as that file
says, reproduced or not; without, each claim of --claim must be reproduced.

On native predictions are compared, on wasm logits bit for bit where they are
published: all of an MLP's, 10,000 a split of a convolutional net's, among which
wasm draws its shards. wasm takes a thread a core, and 275 MiB for each: fewer where
memory is short.

A receipt says FAILED, as does "receipt verify", where a claim in it is not reproduced;
--claim names those that it is to be about.`,
  )
  .action(async ({ model, fixture, pack, ...options }: VerifyOptions & OwnModel) => {
    process.exitCode =
      model || fixture || pack
        ? await verifyOwn({ model, fixture, pack, ...options })
        : await verify(options);
  });
addDelivery(program.command("merge <folder>"))
  .description("add the JSON reports of parts up, and decide the claims as one run would")
  .action(async (folder: string, options: DeliveryOptions) => {
    process.exitCode = await mergeReports(folder, options);
  });
program
  .command("serve")
  .description("answer over HTTP: claims, checkpoints, evaluations, verification")
  .addHelpText("after", `\n${settingsHelp()}`)
  .action(serve);
program
  .command("publish [folder]")
  .description(
    "write all that a static host needs to be an origin: files by digest, and a manifest",
  )
  .option(
    "--check <origin>",
    "compare what is deployed there with the folder, or with this project",
    origin,
  )
  .action(async (folder: string | undefined, options: PublishOptions) => {
    process.exitCode = await publish(folder, options);
  });
program
  .command("site <folder>")
  .description("write the pages as files that any static host serves, under any path")
  .option("--no-dataset", "leave the dataset's blocks out: an auditor then gives the files")
  .action(async (folder: string, options: SiteOptions) => {
    const { site } = await import("./site.ts"); // no other command should wait for what draws
    await site(folder, options);
  });
program
  .command("work")
  .description("work for verify --queue until SIGTERM, and finish what was begun")
  .requiredOption(
    "--queue <url>",
    "Redis or Valkey, as redis://USER:PASSWORD@HOST:PORT; rediss: is TLS",
    queue,
  )
  .option("--jobs <kinds>", "what to take: evaluate, train", among(["evaluate", "train"]), [
    "evaluate",
  ])
  .option(
    "--concurrency <n>",
    "evaluations at once, each on one thread; by default one a core",
    whole(1),
  )
  .option("--name <name>", "how it signs its answers; by default HOST-PROCESS", named)
  .option("--patience <seconds>", "silence after which others take its jobs over", whole(1), 15)
  .action(async (options: WorkOptions) => {
    process.exitCode = await (await import("./work.ts")).work(options);
  });
program
  .command("pull <id...>")
  .description("fetch model files ahead, by digest, into a cache that projects share")
  .addOption(fromOption)
  .option("--dataset", "make the dataset ready, too")
  .action((ids: string[], options: PullOptions) => pull(ids, options));
addEvaluate(program, whole);
program.command("list").description("name checkpoints and claims").action(list);
program
  .command("train <id...>")
  .description("make a checkpoint by its recipe; goes on where it was stopped")
  .addOption(
    new Option("--backend <name>", "what computes").choices(BACKENDS).default("tensorflow"),
  )
  .option("--restart", "begin anew, whatever was saved")
  .addOption(
    new Option(
      "--mixed",
      "go on from what another device or library computed; checkpoint.json names both",
    ).conflicts("restart"),
  )
  .option("--no-hits", "leave out of history.json what the net hits after each epoch: sooner done")
  .option("--queue <url>", "let the workers at that Redis or Valkey train", queue)
  .action((ids: string[], options: TrainOptions & { queue?: URL }) => train(ids, options));
program
  .command("retrain <id>")
  .description(
    "train a published checkpoint again by its recipe and compare the digest of model.onnx; 1 if it is another",
  )
  .addOption(
    new Option("--backend <name>", "what computes").choices(BACKENDS).default("tensorflow"),
  )
  .option("--restart", "begin anew, whatever a retraining that was stopped had saved")
  .action((id: string, options: TrainOptions) => retrain(id, { ...options, hits: false }));
program
  .command("fixtures <id>")
  .description("evaluate a checkpoint whole and write its fixture")
  .option(
    "--reference <n>",
    "examples of a split whose logits on wasm are published of a convolutional net",
    whole(1000),
    CONVOLUTIONAL_REFERENCE,
  )
  .action((id: string, { reference }: { reference: number }) => fixtures(id, reference));
program
  .command("export [id...]")
  .description(
    "write model files anew from their own weights; refuses one whose logits would differ",
  )
  .action((ids: string[]) => exportModels(ids));

const receipt = program.command("receipt").description("signed statements of verifications");
receipt
  .command("verify <file>")
  .description("check a receipt offline against the public key of who signed it")
  .requiredOption("--key <file>", "the public key, PEM")
  .option("--claim <id...>", "fail unless these are among its claims, and reproduced")
  .option("--checkpoint <id...>", "fail unless these are among its checkpoints, and matched")
  .action(async (file: string, options: Wanted) => {
    process.exitCode = await verifyReceipt(file, options);
  });
receipt
  .command("key")
  .description("print the public key that checks the receipts of this machine")
  .action(showKey);

surviveLostOutput();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    // Who reads JSON gets some, even where the options that ask for it could not be read.
    if (process.exitCode !== 0 && process.argv.includes("--json"))
      print(JSON.stringify(recordOf(neverBegan(error), new Date()), null, 1));
  } else {
    tellFailure(error);
    process.exitCode = exitCodeOf(error);
  }
}
