/** A network that was made elsewhere: its file, and what it is counted on, are all that is known of it. */
import { sha256Hex } from "../datasets/digest.ts";
import { InputError, type Storage } from "../datasets/storage.ts";
import { asPublished, opsetOf } from "../onnx/foreign.ts";
import { countWeights } from "../onnx/weights.ts";
import { canonicalDigest } from "../recipe.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { CLASSES } from "./evaluate.ts";
import { type PartialFixture, parseFixture } from "./fixture.ts";
import { parsePublished, publishedText, readPublishedFile } from "./published-file.ts";
import type { Runtime, Session } from "./runtimes/runtime.ts";

/** Numbers that are none would make predictions of nothing. */
function finite(session: Session): Session {
  return {
    ...session,
    async run(images) {
      const logits = await session.run(images);
      const expected = (images.length / session.imageBytes) * CLASSES;
      if (logits?.length !== expected)
        throw new InputError(`the model gives ${logits?.length} numbers, not ${expected}`);
      const at = logits.findIndex((x) => !Number.isFinite(x));
      if (at >= 0) throw new InputError(`the model gives ${logits[at]} for class ${at % CLASSES}`);
      return logits;
    },
  };
}

/**
 * Loads such a network as if it were one of the published: bytes in, ten logits out.
 * @throws InputError that says what is wrong with it, in a line.
 */
export async function loadGiven(
  runtime: Runtime,
  model: Uint8Array,
  preprocessing: Checkpoint["preprocessing"] = {},
): Promise<Session> {
  const session = finite(await runtime.load(asPublished(model, preprocessing)));
  try {
    await session.run(new Uint8Array(2 * session.imageBytes)); // two, and not what it was exported with
  } catch (error) {
    await session.close();
    if (error instanceof InputError) throw error;
    const [reason] = String(error instanceof Error ? error.message : error).split("\n");
    throw new InputError(`the model does not run on two images at a time: ${reason}`);
  }
  return session;
}

/** Its history is that of what was not trained here: none. */
const NO_HISTORY = new TextEncoder().encode("[]\n");

/**
 * What models/<id>/checkpoint.json would say of it.
 * @throws InputError if the bytes are no ONNX model, or the images are not CIFAR-10's.
 */
export async function givenCheckpoint(
  about: Pick<PartialFixture, "checkpoint" | "sha256" | "view" | "preprocessing">,
  model: Uint8Array,
): Promise<Checkpoint> {
  if (about.view.dataset !== "cifar10")
    throw new InputError("a network that was made elsewhere takes images of CIFAR-10 alone");
  const recipe: Checkpoint["recipe"] = { kind: "given", net: "given", view: about.view };
  return {
    id: about.checkpoint,
    recipe,
    recipeDigest: await canonicalDigest(recipe),
    model: {
      file: "model.onnx",
      sha256: about.sha256,
      bytes: model.length,
      opset: opsetOf(model),
      parameters: countWeights(model),
    },
    ...(about.preprocessing && { preprocessing: about.preprocessing }),
    history: { file: "history.json", sha256: await sha256Hex(NO_HISTORY) },
    trained: {
      backend: "elsewhere",
      version: "",
      device: "",
      threads: 0,
      environment: {},
      epochs: 0,
      seconds: 0,
      date: "",
      sourceCommit: "",
    },
  };
}

/** Of a pack's network that has a fixture and a model, and no checkpoint.json. */
export async function readGiven(files: Storage, id: string): Promise<Checkpoint> {
  const [fixture, file] = [`fixtures/${id}.json`, `models/${id}/model.onnx`];
  const text = publishedText(
    fixture,
    await readPublishedFile(files, fixture, "evaluate writes it"),
  );
  const model = await readPublishedFile(files, file, "put it there");
  const about = parsePublished(() => ({ ...parseFixture(text, id), opset: opsetOf(model) }));
  return await givenCheckpoint(about, model);
}
