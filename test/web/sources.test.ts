/** Where an audit's dataset comes from, and what a host without it says. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CIFAR10_FILES } from "../../src/datasets/cifar10.ts";
import { readRecords, type RecordFile } from "../../src/datasets/records.ts";
import { InputError } from "../../src/datasets/storage.ts";
import { storageOf } from "../../src/web/audit/sources.ts";
import { linksFrom } from "../../src/web/links.ts";
import { render } from "../../src/web/render.ts";
import { siteOf } from "../../src/web/site.ts";

const [batch] = CIFAR10_FILES as [RecordFile];

async function refusal(read: Promise<unknown>): Promise<string> {
  try {
    await read;
  } catch (error) {
    if (error instanceof InputError) return error.message;
  }
  return "";
}

test("a host without the dataset names it, and the files to give", async () => {
  const { fetch } = globalThis;
  globalThis.fetch = async () => new Response("", { status: 404 });
  try {
    const host = storageOf({ root: "https://example.org/", files: new Map() });
    for (const read of [readRecords(host, batch, 0, 1000), host.read(batch.path)]) {
      const told = await refusal(read);
      assert.match(
        told,
        /^CIFAR-10 cannot be had .*must be given, data_batch_1\.bin, data_batch_2/,
      );
      assert.match(told, "there is no such file");
    }
  } finally {
    globalThis.fetch = fetch;
  }
});

test("a host that does not answer is named, and no file asked for", async () => {
  const { fetch } = globalThis;
  globalThis.fetch = async () => {
    throw new TypeError("fetch failed");
  };
  try {
    const host = storageOf({ root: "https://example.org/", files: new Map() });
    const told = await refusal(readRecords(host, batch, 0, 1000));
    assert.match(told, /^cannot read \S*cifar10\S*: no answer$/);
  } finally {
    globalThis.fetch = fetch;
  }
});

test("a file that was given and is gone is named", async () => {
  const gone = new Blob(["a batch"]);
  gone.slice = () => Object.assign(new Blob(), { arrayBuffer: () => Promise.reject(new Error()) });
  const storage = storageOf({ root: "https://example.org/", files: new Map([[batch.path, gone]]) });
  const told = await refusal(storage.read(batch.path, 0, 1));
  assert.is(told, "cifar10/data_batch_1.bin, as it was given, cannot be read any more");
});

test("the page of a host without the dataset says that it must be given", async () => {
  const material = { site: siteOf([]), examples: async () => undefined };
  const frame = { links: linksFrom("audit", true), scripts: true, server: false };
  const page = async (noBlocks: boolean) => await render(material, "audit", { ...frame, noBlocks });
  const comes = /in blocks from\s+this host|What you do not give comes from this host/;
  assert.match((await page(false)) ?? "", comes);
  assert.not.match((await page(true)) ?? "", comes);
  assert.match((await page(true)) ?? "", "does not have the dataset, which you must give");
  // Until its code comes, which from a file on disk it never does.
  assert.match((await page(true)) ?? "", /role="status">\s*The code of this page is still to come/);
});

test.run();
