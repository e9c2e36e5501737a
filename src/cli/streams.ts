/** What cannot be printed ends nothing: the work goes on, and the exit code tells. */
import { printError } from "../print.ts";

/**
 * Takes the errors of both standard streams. A reader that has enough closes the pipe
 * (`list | head`), which is no error; where stdout cannot be written otherwise, the exit code
 * is 2 unless it is another already. Of stderr nothing is left to say it on. Under Deno console.log
 * throws instead, and that ends the run, with 2 as well.
 */
export function surviveLostOutput(): void {
  let lost = false;
  process.stderr.on("error", () => {});
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    if (code === "EPIPE" || lost) return;
    lost = true;
    printError(`rethink: cannot write to stdout (${code}); what was printed is not whole`);
  });
  process.on("exit", () => {
    if (lost) process.exitCode ||= 2;
  });
}
