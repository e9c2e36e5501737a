/** `verify` and `merge` as the command line offers them. */
import { type Command, Option } from "commander";
import { DEFAULT_SHARDS } from "../evaluation/extent.ts";
import { fromOption, named, origin, packOption, part, queue, whole } from "./arguments.ts";
import type { DeliveryOptions } from "./deliver.ts";
import { reportOption } from "./reports/report-option.ts";
import type { VerifyOptions } from "./verify.ts";
import type { OwnModel } from "./verify-own.ts";

/** What is said of packs alone: of a network without claims there is none of it. */
const OF_PACKS = [
  "checkpoint",
  "claim",
  "expect",
  "pack",
  "part",
  "queue",
  "receipt",
  "report",
  "url",
  "writeExpect",
];

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

export function addVerify(program: Command): void {
  addDelivery(program.command("verify"))
    .description("recompute published counts on CIFAR-10 and MNIST and decide the claims")
    .option("--checkpoint <id...>", "only these checkpoints; * and ? stand for any letters")
    .option(
      "--claim <id...>",
      'only these claims, "Table 1" for a group, * and ? as above, and the checkpoints that bear on them',
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
    .addOption(packOption)
    .addOption(
      new Option(
        "--model <file>",
        "a network of your own, held against the --fixture that evaluate wrote; a --pack can be held to claims",
      )
        .argParser(named)
        .conflicts(OF_PACKS),
    )
    .addOption(
      new Option("--fixture <file>", "what it must give").argParser(named).conflicts(OF_PACKS),
    )
    .option("--seed <n>", "draw the same shards again", whole(0))
    .addOption(
      new Option(
        "--full",
        "every shard, of every seed that was trained; without, those of seed 0 alone",
      ).conflicts("shards"),
    )
    .addOption(
      new Option(
        "--part <k/n>",
        "the k-th of n parts of the work, cut by cost: with --full or a --seed, and with --report json=FILE or --json, which merge adds up and compares with --expect",
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
published: all of an MLP's and of Theorem 1's, 2,000 or 10,000 a split of the others',
among which wasm draws its shards. wasm takes a thread a core, eight at most, and
275 MiB for each: fewer where memory is short.

With --model, --json prints exitCode and what was found, or error.

A receipt says FAILED, as does "receipt verify", where a claim in it is not reproduced;
--claim names those that it is to be about.`,
    )
    .action(async ({ model, fixture, ...options }: VerifyOptions & OwnModel) => {
      process.exitCode =
        model || fixture
          ? await (await import("./verify-own.ts")).verifyOwn({ model, fixture, ...options })
          : await (await import("./verify.ts")).verify(options);
    });
  addDelivery(program.command("merge <folder>"))
    .description("add the JSON reports of parts up, and decide the claims as one run would")
    .addOption(packOption)
    .addHelpText(
      "after",
      `
Exit status: that of the one run whose parts these are (rethink verify --help), or 2 where
a part is missing or is of another run.`,
    )
    .action(async (folder: string, options: DeliveryOptions) => {
      process.exitCode = await (await import("./merge.ts")).mergeReports(folder, options);
    });
}
