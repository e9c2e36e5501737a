/** The OpenAPI document holds against the specification's schema and names every route. */
import { Validator } from "@seriousme/openapi-schema-validator";
import { html } from "hono/html";
import { parseHTML } from "linkedom";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import {
  CheckpointAnswer,
  ClaimsAnswer,
  VerificationAnswer,
} from "../../../src/http/answers/schemas.ts";
import { openService } from "../service.ts";

const { app } = openService();
const document = await (await app.request("/openapi.json")).json();

test("it is OpenAPI 3.1", async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document));
  assert.ok(result.valid, JSON.stringify(result.errors));
  assert.is(validator.version, "3.1");
});

test("every registered route is described, here and on the page for a person", async () => {
  const routes = app.routes.filter(({ method }) => method !== "ALL");
  const page = await (await app.request("/docs")).text();
  for (const { method, path } of routes) {
    const described = path.replace(/:(\w+)/g, "{$1}");
    assert.ok(document.paths[described]?.[method.toLowerCase()], `${method} ${path}`);
    assert.ok(page.includes(`<code>${method} ${described}</code>`), `${method} ${path}`);
  }
  assert.ok(routes.length > 30);
});

test("a literal is an enumeration of one: generators of clients fail on const in a union", () => {
  assert.equal(allUnder("const", document), []);
  const { shards } =
    document.components.schemas.Verification.properties.report.properties.sampling.properties;
  assert.equal(shards.anyOf[0], { type: "string", enum: ["all"] });
});

/** Everything in a document that lies under the key. */
function allUnder(key: string, node: unknown): unknown[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => [
    ...(name === key ? [value] : []),
    ...allUnder(key, value),
  ]);
}

test("its schemas are JSON Schema 2020-12, where items is one schema, not a list", () => {
  const items = allUnder("items", document);
  assert.ok(items.length >= 10);
  for (const schema of items) assert.not(Array.isArray(schema), JSON.stringify(schema));
  const { atLeast } = document.components.schemas.Rule.properties;
  assert.equal(atLeast, { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 });
});

test("every address and each problem of it is described", () => {
  for (const path of [
    "/livez",
    "/v1/claims/{id}/verification",
    "/v1/checkpoints/{id}/model.onnx",
    "/v1/checkpoints/{id}/evaluations/{split}",
  ]) {
    const { responses } = document.paths[path].get;
    assert.ok(responses[200] && responses[500], path);
  }
  const evaluation = document.paths["/v1/checkpoints/{id}/evaluations/{split}"].get;
  assert.equal(Object.keys(evaluation.responses).sort(), [
    "200",
    "304",
    "400",
    "404",
    "412",
    "429",
    "500",
    "503",
  ]);
  const start = evaluation.parameters.find(({ name }: { name: string }) => name === "start");
  assert.is(start.schema.type, "integer");
  assert.is(start.schema.maximum, 59_999); // of MNIST, the larger dataset
  assert.ok(start.description);
});

test("what has a tag may be 304 and 412, what reads files 503", () => {
  const statuses = (path: string) => Object.keys(document.paths[path].get.responses);
  const tagged = ["/v1/datasets", "/openapi.json"];
  const read = ["/v1/claims", "/v1/claims/{id}", "/v1/checkpoints", "/v1/checkpoints/{id}"];
  for (const path of [...tagged, ...read]) {
    for (const status of ["304", "412"]) assert.ok(statuses(path).includes(status), path);
  }
  for (const path of read) assert.ok(statuses(path).includes("503"), path);
});

test("whatever is answered with a tag may be 304", async () => {
  for (const path of Object.keys(document.paths)) {
    if (path.includes("{") || !document.paths[path].get) continue;
    for (const Accept of ["text/html", "application/json"]) {
      const tag = (await app.request(path, { headers: { Accept } })).headers.get("ETag");
      if (tag === null) continue;
      const again = await app.request(path, { headers: { Accept, "If-None-Match": tag } });
      assert.is(again.status, 304, path);
      assert.ok(document.paths[path].get.responses[304], path);
    }
  }
});

test("a page's address takes and answers what the API's does, and has the page beside it", () => {
  const paths = Object.keys(document.paths).filter((path) => document.paths[`/v1${path}`]);
  assert.equal(paths.sort(), [
    "/checkpoints",
    "/checkpoints/{id}",
    "/claims",
    "/claims/{id}",
    "/claims/{id}/verification",
  ]);
  for (const path of paths) {
    const [own, api] = [path, `/v1${path}`].map((one) => document.paths[one].get);
    assert.equal(own.parameters, api.parameters, path);
    const { 200: both, ...others } = own.responses;
    assert.equal(Object.keys(both.content), [
      "text/html",
      ...Object.keys(api.responses[200].content),
    ]);
    for (const status of Object.keys(api.responses)) {
      assert.ok(status === "200" || others[status], `${path} ${status}`);
    }
  }
});

test("a problem is a page for a browser, and is described so, wherever it is no API's", async () => {
  const Accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
  for (const [path, address, status, page] of [
    ["/claims/{id}", "/claims/none", 404, true],
    ["/checkpoints/{id}", "/checkpoints/none", 404, true],
    ["/checkpoints/{id}/images/{split}/{file}", "/checkpoints/none/images/test/0.png", 404, true],
    ["/figures/{file}", "/figures/none", 404, true],
    ["/problems/{name}", "/problems/none", 404, true],
    ["/v1/claims/{id}", "/v1/claims/none", 404, false],
    ["/v2/models/{id}", "/v2/models/none", 404, false],
  ] as const) {
    const response = await app.request(address, { headers: { Accept } });
    assert.is(response.status, status, address);
    assert.is(response.headers.get("Content-Type")?.startsWith("text/html"), page, address);
    const types = Object.keys(document.paths[path].get.responses[status].content);
    assert.equal(types, ["application/problem+json", ...(page ? ["text/html"] : [])], path);
  }
  const { 200: documentation, 500: failure } = document.paths["/docs"].get.responses;
  assert.equal(Object.keys(documentation.content), ["text/html", "application/json"]);
  assert.ok("text/html" in failure.content);
});

test("answers have the fields that the document names, and no others", async () => {
  const body = async (path: string) => await (await app.request(path)).json();
  v.parse(ClaimsAnswer, await body("/v1/claims"));
  v.parse(CheckpointAnswer, await body("/v1/checkpoints/mlp-1x512.noise-20"));
  for (const claim of ["theorem-1", "table-2.true", "table-1.mlp-1x512.true"]) {
    v.parse(VerificationAnswer, await body(`/v1/claims/${claim}/verification?shards=1&seed=7`));
  }
});

test("an id's example exists", async () => {
  const routes = Object.entries(document.paths as Record<string, Record<string, unknown>>)
    .filter(([path, { get }]) => get && path.includes("{id}") && !path.endsWith("verification"))
    .map(([path, { get }]) => ({ path, ...(get as { parameters: Record<string, string>[] }) }));
  assert.ok(routes.length >= 10);
  for (const { path, parameters } of routes) {
    const example = parameters.find(({ name }) => name === "id")?.example ?? "";
    const response = await app.request(
      path.replace("{id}", example).replace("{split}", "test").replace("{file}", "0.png"),
      {
        method: "HEAD",
      },
    );
    assert.is(response.status, 200, `${path} of ${example}`);
  }
});

test("of an inference the header with the length of the JSON is described, and where binary data lie", () => {
  const { parameters } = document.paths["/v2/models/{id}/infer"].post;
  const length = parameters.find(({ in: place }: { in: string }) => place === "header");
  assert.is(length.name, "Inference-Header-Content-Length");
  assert.is(length.schema.type, "integer");
  const output = document.components.schemas.InferenceAnswer.properties.outputs.items;
  assert.is(output.properties.parameters.properties.binary_data_size.type, "number");
});

test("health is described as it is answered", async () => {
  for (const path of ["/v2/health/live", "/v2/health/ready"]) {
    const { schema } = document.paths[path].get.responses[200].content["application/json"];
    const answer = await (await app.request(path)).json();
    assert.equal(Object.keys(schema.properties), Object.keys(answer), path);
  }
});

/** The addresses of the document that begin so, with ids and splits filled in. */
function addressesOf(start: RegExp) {
  const paths = Object.keys(document.paths).filter((path) => start.test(path));
  assert.ok(paths.length > 0);
  return paths.map((path) => ({
    path,
    method: document.paths[path].get ? "get" : "post",
    address: path
      .replace("{split}", "test")
      .replace("{dataset}", "cifar10")
      .replace("{sha256}", "0".repeat(64))
      .replace("{id}", path.startsWith("/v1/claims") ? "theorem-1" : "theorem1.random-labels"),
  }));
}

test("a parameter that a route does not have is refused by each", async () => {
  for (const { path, method, address } of addressesOf(/^\/v1\/|^\/v2\/models\//)) {
    const response = await app.request(`${address}?nothing=1`, { method });
    assert.is(response.status, 400, address);
    assert.match((await response.json()).detail, /^nothing: there is no such parameter$/);
    assert.ok(document.paths[path][method].responses[400], path);
  }
});

test("what is of a checkpoint may be pinned to its digest", async () => {
  for (const { path, method, address } of addressesOf(/^\/v1\/checkpoints\/{id}|^\/v2\/models/)) {
    const { parameters } = document.paths[path][method];
    const pin = parameters.find(({ name }: { name: string }) => name === "sha256");
    assert.is(pin?.in, "query", path);
    const response = await app.request(`${address}?sha256=${"0".repeat(64)}`, { method });
    assert.is(response.status, 404, address);
    assert.is((await response.json()).type, "/problems/other-digest");
  }
});

test("the page for a person names the same and loads nothing", async () => {
  const page = await (await app.request("/docs")).text();
  for (const path of Object.keys(document.paths)) assert.ok(page.includes(path), path);
  assert.not.match(page, /<script|src=/); // nothing is fetched but its style, and nothing runs
  const descriptions = allUnder("description", document.paths) as string[];
  assert.ok(descriptions.length > 100);
  for (const text of descriptions) assert.ok(page.includes(`${await html`${text}`}`), text);
  const body =
    /<th scope="row">Body<\/th><td><\/td><td>application\/json, application\/octet-stream</;
  assert.match(page, body);
});

test("whoever hears that page is told of each table what it is of, and stops at none", async () => {
  const { document: page } = parseHTML(await (await app.request("/docs")).text());
  const tables = [...page.querySelectorAll("table")];
  const names = tables.map((table) => table.getAttribute("aria-label"));
  assert.is(new Set(names).size, names.length);
  for (const name of [
    "Parameters of GET /v1/claims",
    "Answers of GET /v1/claims",
    "Parameters of POST /v2/models/{id}/infer",
    "Problems",
  ])
    assert.ok(names.includes(name), name);
  assert.ok(names.length > 60);
  const text = ({ textContent }: Element) => textContent;
  for (const [k, table] of tables.entries()) {
    assert.is(table.querySelectorAll("thead th[scope=col]").length, 3, names[k] ?? "");
    const rows = [...table.querySelectorAll("tbody tr")].map((row) => [...row.children]);
    for (const [head] of rows) assert.is(head?.getAttribute("scope"), "row", names[k] ?? "");
  }
  const claims = tables[names.indexOf("Parameters of GET /v1/claims")] as Element;
  assert.equal([...claims.querySelectorAll("tbody th")].map(text), ["group", "status"]);
  assert.is(page.querySelectorAll("[tabindex]").length, 0); // none of it is ever wider than the page
});

test.run();
