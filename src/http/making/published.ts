/** What is published, as the routes read it: remembered while its files stay the same. */
import { sha256Hex } from "../../datasets/digest.ts";
import { MismatchError } from "../../datasets/storage.ts";
import type { Checkpoint } from "../../evaluation/checkpoint.ts";
import { checkFixture, readCheckpoint, readFixture } from "../../evaluation/published.ts";
import type { Service } from "../service.ts";

/** models/<id>/checkpoint.json, parsed. */
export function checkpointOf({ files, project }: Service, id: string): Promise<Checkpoint> {
  return files.get(
    `models/${id}/checkpoint.json`,
    () => readCheckpoint(project, id),
    () => 4096,
  );
}

/**
 * fixtures/<id>.json, parsed.
 * @throws MismatchError if it is of another model or view than the checkpoint.
 */
export async function publishedFixture({ files, project }: Service, checkpoint: Checkpoint) {
  const { id } = checkpoint;
  const read = () => readFixture(project, id);
  const fixture = await files.get(`fixtures/${id}.json`, read, () => 32_768);
  checkFixture(fixture, checkpoint);
  return fixture;
}

/** A file of the project and its SHA-256. */
export async function fileOf({ files, project }: Service, path: string) {
  const read = async () => {
    const bytes = await project.read(path);
    return { bytes, sha256: await sha256Hex(bytes) };
  };
  return await files.get(path, read, ({ bytes }) => bytes.length, "bytes");
}

/**
 * A file of the project whose SHA-256 is published.
 * @throws MismatchError if the file has another.
 */
export async function publishedFile(service: Service, path: string, sha256: string) {
  const file = await fileOf(service, path);
  if (file.sha256 === sha256) return file.bytes;
  throw new MismatchError(`${path} has SHA-256 ${file.sha256}, not the published ${sha256}`);
}

/** models/<id>/model.onnx. */
export async function modelOf(service: Service, { id, model }: Checkpoint) {
  return await publishedFile(service, `models/${id}/model.onnx`, model.sha256);
}
