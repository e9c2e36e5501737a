/** An OpenAPI document as one HTML page that loads nothing else. */
import { html } from "hono/html";
import type { generateSpecs } from "hono-openapi";

type Document = Awaited<ReturnType<typeof generateSpecs>>;
type Operation = NonNullable<Document["paths"][string]["get"]>;
type Parameter = {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: object;
};

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9em }
pre { overflow-x: auto; background: #8881; padding: 0.5rem }
h3 { border-top: 1px solid #8884; padding-top: 1rem }
table { border-collapse: collapse } td { padding: 0.1rem 1rem 0.1rem 0; vertical-align: top }
:root { color-scheme: light dark }`;

/** "integer, 0 to 50000" or "one of train, test". */
function typeText(schema: object = {}): string {
  const { type, enum: values, minimum, maximum } = schema as Record<string, unknown>;
  if (Array.isArray(values)) return `one of ${values.join(", ")}`;
  return minimum === undefined ? `${type}` : `${type}, ${minimum} to ${maximum}`;
}

/** Where a parameter is, unless it is in the query as most are. */
const PLACES: Record<string, string> = { path: "In the address.", header: "A header." };

function parameterRow({ name, required, description = "", schema, in: place }: Parameter) {
  const note = [PLACES[place], description].filter(Boolean).join(" ");
  return html`<tr><td><code>${name}</code></td><td>${typeText(schema)}${required ? ", required" : ""}</td><td>${note}</td></tr>`;
}

/** The media types of the request's body. */
function bodyRow(content: object) {
  return html`<tr><td>Body</td><td></td><td>${Object.keys(content).join(", ")}</td></tr>`;
}

function responseRow(status: string, response: { description?: string; content?: object }) {
  const types = Object.keys(response.content ?? {}).join(", ");
  return html`<tr><td><code>${status}</code></td><td>${response.description}</td><td>${types}</td></tr>`;
}

function operationPart(method: string, path: string, operation: Operation) {
  const parameters = (operation.parameters ?? []) as Parameter[];
  const body = (operation.requestBody ?? {}) as { content?: object };
  const responses = Object.entries(operation.responses ?? {});
  return html`<h3><code>${method.toUpperCase()} ${path}</code></h3>
<p>${operation.summary}.</p>
${operation.description ? html`<p>${operation.description}</p>` : ""}
<table>${parameters.map(parameterRow)}${body.content ? bodyRow(body.content) : ""}</table>
<table>${responses.map(([status, response]) => responseRow(status, response as { description?: string }))}</table>`;
}

/** @param problems what an error's type can be, by name */
export function documentPage(
  { info, paths, components }: Document,
  problems: Record<string, { status: number; title: string }>,
) {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      operationPart(method, path, operation as Operation),
    ),
  );
  const schemas = Object.entries(components.schemas ?? {});
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${info.title} ${info.version}</title><style>${STYLE}</style></head><body>
<h1>${info.title}</h1>
<p>${info.description}</p>
<p>For programs: <a href="openapi.json">/openapi.json</a>, OpenAPI 3.1.</p>
<h2>Addresses</h2>
${operations}
<h2>Problems</h2>
<table>${Object.entries(problems).map(
    ([name, { status, title }]) =>
      html`<tr id="${name}"><td><code>/problems/${name}</code></td><td>${status}</td><td>${title}</td></tr>`,
  )}</table>
<h2>Schemas</h2>
${schemas.map(([name, schema]) => html`<details><summary>${name}</summary><pre>${JSON.stringify(schema, null, 1)}</pre></details>`)}
</body></html>`;
}
