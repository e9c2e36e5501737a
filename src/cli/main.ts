/**
 * The command line; what a command does is loaded when it is asked for, so that none waits for another.
 * Exit 0: match; 1: mismatch; 2: wrong use or environment; 3: nothing evaluated.
 */
import { Command, CommanderError } from "commander";
import { settingsHelp } from "../http/settings.ts";
import { exitCodeOf, tellFailure } from "./failure.ts";
import { addEvaluate } from "./evaluate-command.ts";
import type { PublishOptions } from "./publish.ts";
import type { PullOptions } from "./pull.ts";
import { among, fromOption, origin, packOption, queue, whole, workerName } from "./arguments.ts";
import { addReceipt } from "./receipt-command.ts";
import { serve } from "./serve.ts";
import type { SiteOptions } from "./site.ts";
import { addTraining } from "./train-command.ts";
import { addVerify } from "./verify-command.ts";
import { surviveLostOutput } from "./streams.ts";
import type { WorkOptions } from "./work.ts";

const program = new Command("rethink")
  .description(
    'Checks the claims of "Understanding deep learning requires rethinking generalization".',
  )
  .exitOverride()
  .showHelpAfterError("(--help shows how to use it)")
  .hook("preAction", async (_, command) => {
    const { from } = command.opts<{ from?: string }>();
    if (from) (await import("../local/models.ts")).fetchModelsFrom(from);
  });

addVerify(program);
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
  .option("--pages", "write the pages as well, as site does: one host for handlers and browsers")
  .addHelpText(
    "after",
    `
Exit status:
  0  it is written; with --check, what is deployed is equal, byte for byte
  1  something differs: what is deployed, or a file here from what is published of it
  2  wrong use, or something is missing here or cannot be written`,
  )
  .action(async (folder: string | undefined, options: PublishOptions) => {
    process.exitCode = await (await import("./publish.ts")).publish(folder, options);
  });
program
  .command("site <folder>")
  .description("write the pages as files that any static host serves, under any path")
  .option("--no-dataset", "leave the dataset's blocks out: an auditor then gives the files")
  .action(async (folder: string, options: SiteOptions) => {
    await (await import("./site.ts")).site(folder, options);
  });
program
  .command("work")
  .description("work for verify --queue and train --queue until SIGTERM")
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
  .addOption(packOption)
  .option("--name <name>", "how it signs its answers; by default HOST-PROCESS", workerName)
  .option(
    "--patience <seconds>",
    "silence after which others take its evaluations over",
    whole(1),
    15,
  )
  .action(async (options: WorkOptions) => {
    process.exitCode = await (await import("./work.ts")).work(options);
  });
program
  .command("pull <id...>")
  .description(
    "fetch model files ahead, by digest, into the cache: a clone's own, or one that the package's projects share",
  )
  .addOption(fromOption)
  .option("--dataset", "make the dataset ready, too")
  .action(async (ids: string[], options: PullOptions) => {
    await (await import("./pull.ts")).pull(ids, options);
  });
addEvaluate(program);
program
  .command("list")
  .description("name checkpoints and claims")
  .action(async () => (await import("./list.ts")).list());
addTraining(program);
addReceipt(program);

surviveLostOutput();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    if (process.exitCode !== 0)
      await (await import("./unread.ts")).tellUnread(process.argv.slice(2), error);
  } else {
    tellFailure(error);
    process.exitCode = exitCodeOf(error);
  }
}
