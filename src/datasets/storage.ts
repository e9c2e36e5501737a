/** Where bytes are read from: a folder, or anything else that can answer a range. */
export interface Storage {
  /**
   * The bytes [start, end) of a file; the whole file without a range.
   * @throws InputError if the file is missing or shorter than `end`.
   */
  read(path: string, start?: number, end?: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Whether there is such a file. */
  exists(path: string): Promise<boolean>;
  /** A text that changes when the file does; undefined where there is no file or no way to tell. */
  version(path: string): Promise<string | undefined>;
}

/**
 * What was given is wrong, or the environment is: one line for a person, no stack trace. What
 * may not reach a client, such as a library's own words, is the cause.
 */
export class InputError extends Error {
  override name = "InputError";
}

/** Something is wrong with this machine, its disk, memory or files: another may well do the same. */
export class MachineFault extends InputError {
  override name = "MachineFault";
}

/** A file of this machine's cannot be written: its disk is full, or it may not be. */
export class UnwritableError extends MachineFault {
  override name = "UnwritableError";
}

/** It is so of one checkpoint alone: what is asked of others goes on. */
export class CheckpointError extends InputError {
  override name = "CheckpointError";

  static of({ message, cause }: InputError, about = ""): CheckpointError {
    return new CheckpointError(`${about}${message}`, cause === undefined ? {} : { cause });
  }
}

/** A published file is not what it says it is: the answer to a verification, not a wrong use. */
export class MismatchError extends Error {
  override name = "MismatchError";
}
