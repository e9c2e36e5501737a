/** `receipt` as the command line offers it. */
import type { Command } from "commander";
import type { Wanted } from "./receipt.ts";

export function addReceipt(program: Command): void {
  const receipt = program.command("receipt").description("signed statements of verifications");
  receipt
    .command("verify <file>")
    .description("check a receipt offline against the public key of who signed it")
    .requiredOption("--key <file>", "the public key, PEM")
    .option("--claim <id...>", "fail unless these are among its claims, by id, and reproduced")
    .option("--checkpoint <id...>", "fail unless these are among its checkpoints, and matched")
    .addHelpText(
      "after",
      `
Exit status:
  0  the key signed it, all in it matched, and a claim is reproduced and none failed
  1  it is not the key's, something in it failed, or --claim or --checkpoint name what it
     is not about
  2  wrong use, or a file that is no receipt or no key`,
    )
    .action(async (file: string, options: Wanted) => {
      process.exitCode = await (await import("./receipt.ts")).verifyReceipt(file, options);
    });
  receipt
    .command("key")
    .description("print the public key that checks the receipts of this machine")
    .action(async () => {
      await (await import("./receipt.ts")).showKey();
    });
}
