/** A model file taken out of an archive. */
import { createReadStream, createWriteStream } from "node:fs";
import { Unzip, UnzipInflate } from "fflate";
import { InputError, MismatchError } from "../datasets/storage.ts";
import { entriesOf } from "../npm/untar.ts";
import { type Fetcher, pathsOf, save, tooLong, type Wanted } from "./wanted-model.ts";

/** Takes one file out of a ZIP, to whose end it is read. */
async function unzipOne(
  archive: string,
  isIt: (name: string) => boolean,
  wanted: Wanted,
  part: string,
) {
  let found = false;
  let size = 0;
  const out = createWriteStream(part);
  const failed = new Promise<never>((_, reject) => out.on("error", reject));
  let fault: Error | undefined;
  const unzip = new Unzip((file) => {
    if (found || !isIt(file.name)) return;
    found = true;
    file.ondata = (error, chunk) => {
      size += chunk?.length ?? 0;
      if (error) fault = error;
      else if (size > wanted.bytes) fault = tooLong(wanted);
      else out.write(chunk);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  const reading = (async () => {
    for await (const chunk of createReadStream(archive)) {
      unzip.push(chunk as Uint8Array);
      if (fault) throw fault;
      if (out.writableNeedDrain)
        await new Promise<void>((resolve) => out.once("drain", () => resolve()));
    }
    unzip.push(new Uint8Array(0), true);
    await new Promise<void>((resolve) => out.end(resolve));
  })();
  await Promise.race([reading, failed]);
  return found;
}

/** An archive of the repository, or of a checkpoint: .zip, .tar, .tar.gz, .tgz. */
export function fromArchive(archive: string): Fetcher {
  return async (wanted, part, onBytes) => {
    const isIt = (name: string) => pathsOf(wanted).some((p) => `/${name}`.endsWith(`/${p}`));
    try {
      if (/\.zip$/i.test(archive)) {
        const found = await unzipOne(archive, isIt, wanted, part);
        if (found) onBytes(wanted.bytes);
        return found;
      }
      for await (const entry of entriesOf(createReadStream(archive))) {
        if (!isIt(entry.header.name)) {
          entry.resume();
          continue;
        }
        await save(entry, wanted, part, onBytes);
        return true;
      }
    } catch (error) {
      if (error instanceof InputError || error instanceof MismatchError) throw error;
      throw new InputError(`${archive} is no whole archive: ${(error as Error).message}`);
    }
    return false;
  };
}
