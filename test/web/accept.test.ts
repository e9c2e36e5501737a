/** What an audit takes of the files that a person gives, and why not. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readNumbers } from "../../src/cards/published-numbers.ts";
import { datasetFolder } from "../../src/local/dataset.ts";
import { folderStorage } from "../../src/local/folder.ts";
import { accept, wrongAmong } from "../../src/web/audit/accept.ts";
import type { Given } from "../../src/web/audit/messages.ts";
import { linksFrom } from "../../src/web/links.ts";
import { FilesPart } from "../../src/web/pages/files.tsx";
import { homeOf } from "../home.ts";

const NET = "mlp-1x512.true";
const home = homeOf([NET]);

function given(path: string, bytes: Uint8Array<ArrayBuffer> | string): Given {
  return { path, file: new File([bytes], path.split("/").at(-1) ?? "") };
}

/** What each is taken as, or why it is not. */
async function taken(...files: Given[]): Promise<(string | undefined)[]> {
  return (await accept(files)).list.map(({ path, refused }) => path ?? refused);
}

const own = async (path: string) => new Uint8Array(await readFile(join(home, path)));
const MODEL = `models/${NET}/model.onnx`;
const HISTORY = `models/${NET}/history.json`;

/** A network's files as its page offers them: by name where they lie here. */
const SAVED = {
  [`${NET}.onnx`]: MODEL,
  [`${NET}.checkpoint.json`]: `models/${NET}/checkpoint.json`,
  [`${NET}.history.json`]: HISTORY,
  [`${NET}.json`]: `fixtures/${NET}.json`,
  [`${NET}.train.bin`]: `fixtures/predictions/${NET}.train.bin`,
  [`${NET}.test.bin`]: `fixtures/predictions/${NET}.test.bin`,
};

test("what a network's page lets a browser save is taken, also with its number", async () => {
  const [numbers] = await readNumbers(folderStorage(home));
  if (!numbers) throw new Error(`${NET} is not published`);
  const links = linksFrom(`checkpoints/${NET}`, true);
  const html = `${FilesPart({ numbers, links, server: false })}`;
  const names = [...html.matchAll(/ download="([^"]+)"/g)].map(([, name]) => name);
  assert.equal(names, [...Object.keys(SAVED), `${NET}.train.labels.bin`]);
  for (const [name, path] of Object.entries(SAVED)) {
    const bytes = await own(path);
    const second = name.replace(/\.[a-z]+$/, " (1)$&"); // Firefox leaves out the space
    const files = [name, second, second.replace(" ", "")].map((one) => given(one, bytes));
    assert.equal(await taken(...files), [path, path, path]);
  }
});

test("a published file that is called otherwise is refused with the name that it must have", async () => {
  const files = [given("model.onnx", await own(MODEL)), given("history.json", await own(HISTORY))];
  for (const told of await taken(...files)) assert.match(told ?? "", "ID.onnx");
});

test("what cannot be read is refused, and what else was given is taken", async () => {
  const gone = new File([], "data_batch_1.bin");
  gone.arrayBuffer = () => Promise.reject(new DOMException("gone", "NotReadableError"));
  const model = given(MODEL, await own(MODEL));
  assert.equal(await taken({ path: "unread.bin" }, { path: gone.name, file: gone }, model), [
    "it cannot be read",
    "it cannot be read",
    MODEL,
  ]);
});

test("a wrong file stands for its dataset alone, until the official one is given", async () => {
  const wrong = given("folder/test_batch (1).bin", "no batch");
  const { list } = await accept([wrong]);
  assert.match(list[0]?.refused ?? "", "it is not CIFAR-10's official file");
  assert.is(wrongAmong(list, ["mnist"]), undefined);
  assert.is(wrongAmong(list, ["mnist", "cifar10"]), list[0]);
  const path = join(await datasetFolder("cifar10"), "test_batch.bin");
  const right = given("test_batch.bin", new Uint8Array(await readFile(path)));
  assert.equal(await taken(wrong, right), ["cifar10/test_batch.bin"]);
});

test.after(async () => await rm(home, { recursive: true, force: true }));

test.run();
