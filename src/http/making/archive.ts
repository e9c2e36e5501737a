/**
 * All that an auditor needs of a checkpoint or of a claim in one ZIP: laid out as in the
 * repository, stored without compression, dated 1980, so that the same files
 * give the same bytes and a range of it is cheap.
 */
import { LRUCache } from "lru-cache";
import pLimit from "p-limit";
import { sha256Hex } from "../../datasets/digest.ts";
import { cut, type Parts, sizeOf } from "../answers/parts.ts";
import type { Service } from "../service.ts";
import { contentsOf, README, type Subject, versionsOf } from "./archive-files.ts";
import { sharedWork } from "./shared-work.ts";
import { storedZip } from "./stored-zip.ts";

export interface Archive {
  /** Read again while they are sent, where they lie on a disk. */
  bytes: Uint8Array<ArrayBuffer> | Parts;
  sha256: string;
}

type Archives = (subject: Subject) => Promise<Archive>;

const archives = new WeakMap<Service, Archives>();

/** What makes a service's archives and remembers the last ones, one for all of its routes. */
export function archivesOf(service: Service): Archives {
  const known = archives.get(service) ?? createArchives(service);
  archives.set(service, known);
  return known;
}

function createArchives(service: Service): Archives {
  const made = new LRUCache<string, Archive>({
    maxSize: service.memory.archives,
    sizeCalculation: ({ bytes }) => sizeOf(bytes),
  });
  const shared = sharedWork<Archive>();
  const oneByOne = pLimit(1); // each is held whole, with all that goes into it, until its digest is known

  async function make(subject: Subject, key: string | undefined): Promise<Archive> {
    const { bytes, places } = await storedZip(subject.id, await contentsOf(service, subject));
    const sha256 = await sha256Hex(bytes);
    if (key === undefined) return { bytes, sha256 };
    const own = places.filter(({ path }) => path !== README); // read again from the project
    const read = (path: string, start: number, end: number) =>
      service.project.read(path, start, end);
    const archive = {
      bytes: service.disk ? await cut(bytes, own, read, service.log) : bytes,
      sha256,
    };
    made.set(key, archive);
    return archive;
  }

  return async (subject) => {
    const key = await versionsOf(service, subject);
    if (key === undefined) return await oneByOne(() => make(subject, key));
    return made.get(key) ?? (await shared(key, () => oneByOne(() => make(subject, key))));
  };
}
