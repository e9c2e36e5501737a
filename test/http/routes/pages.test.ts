/** The pages as a browser asks for them, and the same addresses as programs do. */
import { unzipSync } from "fflate";
import { parseHTML } from "linkedom";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CLAIMS } from "../../../src/claims/claims.ts";
import { InputError } from "../../../src/datasets/storage.ts";
import { publishedIds } from "../../../src/evaluation/published.ts";
import { project } from "../../../src/local/project.ts";
import { importPrivateKey, newPrivateKey } from "../../../src/receipts/keys.ts";
import { ACCURACY } from "../../../src/web/figures/accuracy.ts";
import { FIGURES } from "../../../src/web/figures/figures.ts";
import { linksFrom } from "../../../src/web/links.ts";
import { Verified } from "../../../src/web/pages/verified.tsx";
import { readPack } from "../../../src/verification/pack.ts";
import { openService } from "../service.ts";

const assets = async () => undefined;
const { app } = openService({ assets });
const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

const below = openService({ assets, prefix: "/rethink" }).app;

async function page(path: string, headers: Record<string, string> = {}) {
  return await app.request(path, { headers: { Accept: BROWSER, ...headers } });
}

const [published = ""] = await publishedIds(project);
const PATHS = [
  "/",
  "/figures",
  ...FIGURES.map(({ id }) => `/figures/${id}`),
  "/claims",
  ...CLAIMS.map(({ id }) => `/claims/${id}`),
  "/checkpoints",
  `/checkpoints/${published}`,
  "/audit",
];

/** The paths that a page links to. */
function linksOf(html: string, path: string): string[] {
  const links = [...html.matchAll(/ (?:href|src)="([^"#?]+)[^"]*"/g)];
  const urls = links.map(([, to = ""]) => new URL(to, `http://localhost${path}`));
  const own = urls.filter(({ hostname }) => hostname === "localhost");
  return own.map(({ pathname }) => pathname);
}

/** All of them but what is large, or made by others. */
async function assertThere(of: typeof app, links: Set<string>): Promise<void> {
  for (const link of links) {
    if (/\.(js|png|onnx)$|predictions|labels/.test(link)) continue;
    assert.is((await of.request(link, { headers: { Accept: BROWSER } })).status, 200, link);
  }
}

test("every page is whole, and its links lead somewhere", async () => {
  const links = new Set<string>();
  for (const path of PATHS) {
    const response = await page(path);
    assert.is(response.status, 200, path);
    assert.match(response.headers.get("Content-Type") ?? "", "text/html");
    const html = await response.text();
    assert.match(html, /^<!doctype html>[\s\S]*<h1>[\s\S]*<\/html>$/, path);
    assert.not.match(html, /\[object |undefined<|NaN/, path);
    for (const link of linksOf(html, path)) links.add(link);
  }
  await assertThere(app, links);
});

/** What serves somebody's one claim, "weights", of a checkpoint. */
async function packAbout(checkpoint: string) {
  const rules = [{ kind: "weights", checkpoints: [checkpoint], equals: 103_072 }];
  const claims = { claims: [{ id: "weights", statement: "2n + d weights", rules }] };
  const said = new TextEncoder().encode(JSON.stringify(claims));
  const pack = await readPack({
    ...project,
    exists: async (path) => path === "claims.json" || (await project.exists(path)),
    read: async (path, ...range) =>
      path === "claims.json" ? said : await project.read(path, ...range),
  });
  return openService({ assets, project: pack }).app;
}

test("no two columns of a table have the same head for whoever hears it", async () => {
  const heads = async (path: string) => {
    const { document } = parseHTML(await (await page(path)).text());
    return [...document.querySelectorAll("table")].map((table) =>
      [...table.querySelectorAll("thead th")].map(({ textContent }) => textContent),
    );
  };
  const twice = ["train", "train %", "paper, train", "test", "test %", "paper, test"];
  assert.equal(await heads("/checkpoints"), [["network", ...twice]]);
  const columns = ["labels", "crop", "weight decay", "train", "paper, train"];
  assert.equal(await heads("/"), [["net", ...columns, "test", "paper, test", "reprod."]]);
  for (const path of [`/checkpoints/${published}`, "/claims/theorem-1", "/audit", "/docs"]) {
    for (const of of await heads(path)) assert.is(new Set(of).size, of.length, `${path}: ${of}`);
  }
});

test("a pack has neither the paper's figures nor its audit, and nothing leads to them", async () => {
  const of = await packAbout(published);
  const links = new Set<string>();
  const rooms = ["/", "/claims", "/claims/weights", "/checkpoints", `/checkpoints/${published}`];
  for (const path of [...rooms, "/docs", "/nothing/here", "/claims/weights/verification?seed=1"]) {
    const response = await of.request(path, { headers: { Accept: BROWSER } });
    for (const link of linksOf(await response.text(), path)) links.add(link);
  }
  assert.ok(links.has("/claims/weights"));
  await assertThere(of, links);
  for (const path of ["/figures", "/figures/accuracy", "/figures/accuracy.json", "/audit"]) {
    assert.is((await of.request(path)).status, 404, path);
    assert.is((await of.request(path, { headers: { Accept: BROWSER } })).status, 404, path);
  }
  const index: Record<string, string> = await (await of.request("/")).json();
  await assertThere(of, new Set(Object.values(index)));
});

test("the documentation of a pack begins with what is in it", async () => {
  const of = await packAbout("mlp-1x512.noise-20");
  const html = await (await of.request("/docs", { headers: { Accept: BROWSER } })).text();
  assert.match(html, "/v1/claims/weights/verification?shards=1");
  assert.match(html, "/v1/checkpoints/mlp-1x512.noise-20/archive.zip");
  assert.not.match(html, /theorem-1|theorem1\.|mlp-1x512\.true/);
  const { paths } = await (await of.request("/openapi.json")).json();
  const example = (path: string) =>
    paths[path].get.parameters.find(({ name }: { name: string }) => name === "id").example;
  assert.is(example("/claims/{id}"), "weights");
  assert.is(example("/v1/claims/{id}/archive.zip"), "weights");
  assert.is(example("/v1/checkpoints/{id}"), "mlp-1x512.noise-20");
  assert.is(example("/v2/models/{id}"), "mlp-1x512.noise-20");
});

test("below a prefix an address in JSON has it too", async () => {
  const { figures } = await (await below.request("/rethink/figures")).json();
  assert.is(figures[0].data, "/rethink/figures/accuracy.json");
  assert.is((await below.request(figures[0].data)).status, 200);
});

test("below a prefix, left there by a proxy or taken away, pages are the same to the byte", async () => {
  const headers = { Accept: BROWSER, "X-Forwarded-Prefix": "/elsewhere" };
  for (const path of PATHS) {
    const html = await (await page(path)).text();
    assert.not.match(html, / (?:href|src|action)="\//, `${path} has an address from the root`);
    for (const prefix of ["/rethink", ""]) {
      assert.is(await (await below.request(`${prefix}${path}`, { headers })).text(), html, path);
    }
  }
  assert.is((await below.request("/rethink", { headers })).headers.get("Location"), "/rethink/");
});

test("a page takes the parameters that its address has, and refuses what it does not", async () => {
  const pin = `sha256=${"0".repeat(64)}`;
  for (const [path, status, said] of [
    ["/claims?group=%3Cscript%3E", 400, "group: it must be Theorem 1, Figure 1a"],
    ["/claims?status=true", 400, "status: it must be reproduced"],
    ["/claims?x=1", 400, "x: there is no such parameter"],
    ["/claims/theorem-1?x=1", 400, "x: there is no such parameter"],
    ["/checkpoints?x=1", 400, "x: there is no such parameter"],
    [`/checkpoints/${published}?x=1`, 400, "x: there is no such parameter"],
    [`/checkpoints/${published}?${pin}`, 404, `${published} has SHA-256`],
  ] as const) {
    const [html, json] = [await page(path), await app.request(path)];
    assert.equal([html.status, json.status], [status, status], path);
    assert.match((await json.json()).detail, said);
    assert.match(await html.text(), said);
  }
  const { checkpoint } = await (await app.request(`/checkpoints/${published}`)).json();
  const pinned = await page(`/checkpoints/${published}?sha256=${checkpoint.model.sha256}`);
  assert.is(pinned.status, 200);
  assert.is(await pinned.text(), await (await page(`/checkpoints/${published}`)).text());
});

test("the claims' page has those alone that are asked for, as JSON does", async () => {
  const listed = async (path: string) => {
    const html = await (await page(path)).text();
    return [...html.matchAll(/href="\.\/claims\/([^"]+)"/g)].map(([, id]) => id);
  };
  for (const query of [
    "?group=Table+1",
    "?group=Table%201&status=not-reproduced",
    "?status=not-reproduced&group=Theorem+1",
    "?status=reproduced",
  ]) {
    const { claims } = await (await app.request(`/claims${query}`)).json();
    const ids = claims.map(({ id }: { id: string }) => id);
    assert.equal(await listed(`/claims${query}`), ids, query);
  }
  assert.equal(await listed("/claims?group=Theorem+1"), ["theorem-1", "theorem-1-at-chance"]);
  assert.is((await listed("/claims")).length, CLAIMS.length);
  assert.is((await page("/claims/theorem-1%3Fgroup=Table+1")).status, 404);
});

test("programs get JSON at the same addresses, and caches are told", async () => {
  for (const path of ["/", "/claims", `/claims/${CLAIMS[0]?.id}`, `/checkpoints/${published}`]) {
    const response = await app.request(path);
    assert.match(response.headers.get("Content-Type") ?? "", "application/json", path);
    assert.match(response.headers.get("Vary") ?? "", "Accept", path);
    assert.match((await page(path)).headers.get("Vary") ?? "", "Accept", path);
    assert.is.not((await page(path)).headers.get("ETag"), response.headers.get("ETag"));
  }
  const [api, own] = await Promise.all(["/v1/claims", "/claims"].map((path) => app.request(path)));
  assert.equal(await own?.json(), await api?.json());
});

test("the commands beside the audit run in the archive that they fetch", async () => {
  const html = await (await page("/audit")).text();
  const [, commands = ""] = /<pre[^>]* data-curl[^>]*>\s*<code>([^<]*)<\/code>/.exec(html) ?? [];
  const [, archive = ""] = /curl -OJ http:\/\/localhost:8000(\S+)/.exec(commands) ?? [];
  const [, named, folder] = /^unzip (\S+) &amp;&amp; cd (\S+)$/m.exec(commands) ?? [];
  const response = await app.request(archive);
  assert.match(response.headers.get("Content-Disposition") ?? "", `filename="${named}"`);
  const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
  const paths = commands.match(/\b(scripts|models|fixtures)\/\S+/g) ?? [];
  assert.is(paths.length, 3);
  for (const path of paths) assert.ok(files[`${folder}/${path}`], path);
});

test("no page may run a script that is not a file, or ask anyone else", async () => {
  const policy = (await page("/audit")).headers.get("Content-Security-Policy") ?? "";
  assert.match(policy, "default-src 'none'; script-src 'self';");
  assert.not.match(policy, "wasm-unsafe-eval");
  const html = await (await page("/audit")).text();
  assert.not.match(html, /<script(?![^>]*(src=|type="application\/json"))/);
  assert.not.match(html, / on[a-z]+="/);
});

test("a page that the client has is not sent again, and keeps its policy", async () => {
  const first = await page("/claims", { "Accept-Encoding": "gzip" });
  assert.is(first.headers.get("Content-Encoding"), "gzip");
  const tag = first.headers.get("ETag") ?? "";
  assert.match(tag, /^"sha256-/);
  const again = await page("/claims", { "Accept-Encoding": "gzip", "If-None-Match": tag });
  assert.is(again.status, 304);
  assert.is(again.headers.get("Content-Security-Policy"), null);
  assert.is.not((await page("/claims")).headers.get("ETag"), tag);
});

test("a figure can be had as picture and as data", async () => {
  for (const { id } of FIGURES) {
    const svg = await (await page(`/figures/${id}.svg`)).text();
    assert.match(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    assert.not.match(svg, "NaN");
    const { rows } = await (await app.request(`/figures/${id}.json`)).json();
    const csv = await (await app.request(`/figures/${id}.csv`)).text();
    assert.is(csv.trimEnd().split("\r\n").length, rows.length + 1);
    assert.equal(await (await app.request(`/figures/${id}`)).json(), {
      ...(await (await app.request(`/figures/${id}.json`)).json()),
    });
  }
});

test("a caption speaks for no net that did not fit what it was told", () => {
  const about = { net: "AlexNet", labels: "random", trainTotal: 50_000 };
  const told = (trainCorrect: number, trainPercent: number) =>
    ACCURACY.text([{ ...about, trainCorrect, trainPercent }])[0] ?? "";
  assert.match(
    told(49_499, 98.998),
    "is fitted, here but for AlexNet on random labels (98.998 %);",
  );
  assert.match(told(49_500, 99), "is fitted;"); // FITTED: 99 of 100
});

test("what is not there is said to be so, to a person on a page", async () => {
  for (const path of ["/claims/theorem-9", "/figures/9", "/checkpoints/none", "/claims/", "/<b>"]) {
    const response = await page(path);
    assert.is(response.status, 404, path);
    const html = await response.text();
    assert.match(html, /<h1>(Nothing has this id|There is nothing at this address)/);
    assert.not.match(html, "<b>");
    const program = await app.request(path);
    assert.match(program.headers.get("Content-Type") ?? "", "application/problem+json");
  }
  assert.is((await page("/assets/none.js")).status, 404);
});

test("an image of the reader's is for networks that see images as they are", async () => {
  for (const [id, own] of [
    ["inception.true", true],
    ["inception.shuffled-pixels", false],
  ] as const) {
    const html = await (await page(`/checkpoints/${id}`)).text();
    assert.is(html.includes('id="image-file"'), own, id);
    assert.ok(html.includes('id="image-test"'), id);
  }
});

test("a page that was made without images is made anew once they can be had", async () => {
  let broken = true;
  const { app: of, records } = openService({
    project: {
      ...project,
      read: async (path, start, end) => {
        const few = path.includes("predictions/") && end !== undefined; // those beside the images
        if (broken && few) throw new InputError("the disk is away");
        return await project.read(path, start, end);
      },
    },
  });
  const withoutImages = async () => {
    const headers = { Accept: BROWSER };
    const html = await (await of.request(`/checkpoints/${published}`, { headers })).text();
    return html.includes("This host has no images to show");
  };
  assert.ok(await withoutImages());
  assert.match(JSON.stringify(records), /shown without images.*the disk is away/);
  broken = false;
  assert.not(await withoutImages());
});

test("a verification's row has its own split's result, and a reason names the split", () => {
  const shard = { start: 0, end: 1000, published: 507, recomputed: 507 };
  const match = { ...shard, result: "match", reason: "" };
  const mismatch = { ...shard, recomputed: 506, result: "mismatch", reason: "506, not 507" };
  const checkpoint = {
    checkpoint: "x",
    result: "mismatch",
    splits: { train: [mismatch], test: [match] },
  };
  const report = { verdicts: [], checkpoints: [checkpoint], counted: true, runtime: {} };
  const html = `${Verified({ report: report as never, links: linksFrom("") })}`;
  assert.match(html, /<td class="mismatch"[\s\S]*<td class="match"/);
  assert.match(html, "x, train 0 to 1000: 506, not 507");
});

test("without JavaScript a claim is verified by a link", async () => {
  const response = await page("/claims/theorem-1-at-chance/verification?shards=1&seed=1");
  assert.is(response.status, 200);
  assert.match(await response.text(), /reproduced/);
});

test("a claim's page says of this server whether it counts all published predictions", async () => {
  for (const counting of [true, false]) {
    const { app: of } = openService({ counting });
    const response = await of.request("/claims/theorem-1", { headers: { Accept: BROWSER } });
    const said = /The server draws[^<]*/.exec(await response.text())?.[0] ?? "";
    assert.match(said, /decides the claim anew/);
    assert.is(/counts all published predictions/.test(said), counting);
  }
});

test("pages offer receipts where this server signs them, and nowhere else", async () => {
  const key = { signingKey: await importPrivateKey(await newPrivateKey(), "key") };
  for (const change of [{}, key]) {
    const { app: of } = openService(change);
    const offers = async (path: string, text: string) => {
      const response = await of.request(path, { headers: { Accept: BROWSER } });
      assert.is((await response.text()).includes(text), change === key, `${path}: ${text}`);
    };
    for (const path of ["/claims/theorem-1", "/docs"]) {
      await offers(path, "as a signed receipt");
      await offers(path, "curl -OJ -H ");
    }
    await offers("/claims/theorem-1", "data-receipts"); // what its script goes by
  }
});

test("a verification's page is no other of its forms, whatever else is taken or known of those", async () => {
  const path = "/claims/theorem-1/verification?shards=1&seed=7";
  const { headers } = await app.request(path);
  const known = headers.get("ETag") ?? "";
  assert.match(known, /^"sha256-/);
  const asked: RequestInit[] = [
    { method: "HEAD" },
    { headers: { "If-None-Match": known } },
    { headers: { "If-None-Match": "*" } },
    { headers: { Accept: "text/html, application/vnd.in-toto.bundle;q=0.9" } },
    { headers: { Accept: "text/html, text/event-stream;q=0.9" } },
  ];
  for (const init of asked) {
    const about = JSON.stringify(init);
    const headers = { Accept: BROWSER, ...(init.headers as Record<string, string>) };
    const response = await app.request(path, { ...init, headers });
    assert.is(response.status, 200, about);
    assert.match(response.headers.get("Content-Type") ?? "", "text/html", about);
    assert.is(response.headers.get("Cache-Control"), "no-store", about);
    assert.is(response.headers.get("ETag"), null, about);
    const html = await response.text();
    if (init.method === "HEAD") assert.is(html, "");
    else assert.match(html, /^<!doctype html>[\s\S]*reproduced/);
  }
});

test("an id is one part of an address, whatever it encodes", async () => {
  for (const path of [
    "/claims/a%2Fb",
    "/claims/theorem-1%2Farchive.zip",
    "/claims/theorem-1%2Fverification",
    "/claims/x%2F..%2Ftheorem-1/verification",
    "/checkpoints/x%2F..",
    "/checkpoints/%252e%252e",
    `/checkpoints/${published}%2Fevaluations%2Ftest`,
  ]) {
    for (const response of [await app.request(path), await page(path)]) {
      assert.is(response.status, 404, path);
      assert.is(response.headers.get("Cache-Control"), "no-store", path);
    }
    assert.is((await (await app.request(path)).json()).type, "/problems/unknown-id", path);
  }
});

test.run();
