/** Finding what a client names. */
import type { Checkpoint } from "../../evaluation/checkpoint.ts";
import { isPublished, mayBe, publishedIds } from "../../evaluation/published.ts";
import type { Runtime, RuntimeName } from "../../evaluation/runtimes/runtime.ts";
import { RECIPES } from "../../recipes.ts";
import { suggestion } from "../../suggestion.ts";
import { Problem } from "../answers/problem.ts";
import type { Service } from "../service.ts";
import { checkpointOf } from "./published.ts";

function unknownId(id: string, ids: string[], what: string): Problem {
  if (id.length > 100)
    return new Problem("unknown-id", `no ${what} has an id of so many characters`);
  const hint = ids.length > 0 ? suggestion(id, ids) : "; none is published";
  return new Problem("unknown-id", `no ${what} is called ${id.slice(0, 100)}${hint}`);
}

/** @throws Problem that names the nearest id. */
export function byId<T extends { id: string }>(all: readonly T[], id: string, what: string): T {
  const found = all.find((one) => one.id === id);
  if (found) return found;
  throw unknownId(
    id,
    all.map((one) => one.id),
    what,
  );
}

/**
 * A published checkpoint.
 * @param sha256 its digest, if the client names that too
 * @throws Problem if none has the id, or it has another digest.
 */
export async function publishedCheckpoint(
  service: Service,
  id: string,
  sha256?: string,
): Promise<Checkpoint> {
  const { project } = service;
  if (!mayBe(project, id) || !(await isPublished(project, id))) {
    if (!project.ids && Object.hasOwn(RECIPES, id))
      throw new Problem("unknown-id", `${id} has a recipe, but is not published here`);
    throw unknownId(id, await publishedIds(service.project), "published checkpoint");
  }
  const checkpoint = await checkpointOf(service, id);
  if (sha256 !== undefined && checkpoint.model.sha256 !== sha256) {
    throw new Problem("other-digest", `${id} has SHA-256 ${checkpoint.model.sha256} now`);
  }
  return checkpoint;
}

/** @throws Problem if this server does not have the runtime. */
export function runtimeOf({ runtimes }: Service, name?: RuntimeName): Runtime {
  const found = name === undefined ? [...runtimes.values()][0] : runtimes.get(name);
  if (found) return found;
  throw new Problem("bad-parameter", `runtime: this server has ${[...runtimes.keys()].join(", ")}`);
}
