/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** /docs: what a reader does first, then every address of the API out of its OpenAPI document. */
import { type Frame, Layout } from "../layout.tsx";
import { type Column, Table } from "./table.tsx";

type Parameter = {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: object;
};

interface Operation {
  summary?: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { content?: object };
  responses?: Record<string, { description?: string; content?: object }>;
}

/** What the page reads of an OpenAPI document. */
export interface ApiDocument {
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas?: Record<string, unknown> };
}

export interface ApiPage {
  document: ApiDocument;
  /** What an error's type can be, by name. */
  problems: Record<string, { status: number; title: string }>;
  /** Ids to begin with, undefined where there is none. */
  examples: { claim: string | undefined; checkpoint: string | undefined };
}

/** "integer, 0 to 50000" or "one of train, test". */
function typeText(schema: object = {}): string {
  const { type, enum: values, minimum, maximum } = schema as Record<string, unknown>;
  if (Array.isArray(values)) return `one of ${values.join(", ")}`;
  return minimum === undefined ? `${type}` : `${type}, ${minimum} to ${maximum}`;
}

/** Where a parameter is, unless it is in the query as most are. */
const PLACES: Record<string, string> = { path: "In the address.", header: "A header." };

function ParameterRow({ name, required, description = "", schema, in: place }: Parameter) {
  return (
    <tr>
      <th scope="row">
        <code>{name}</code>
      </th>
      <td>
        {typeText(schema)}
        {required ? ", required" : ""}
      </td>
      <td>{[PLACES[place], description].filter(Boolean).join(" ")}</td>
    </tr>
  );
}

/** An operation of an address, such as "GET /v1/claims". */
type Named = Operation & { named: string };

const TAKES: Column[] = [["takes"], ["type"], ["what it says"]];
const ANSWERS: Column[] = [["answers"], ["what it means"], ["media types"]];
const PROBLEMS: Column[] = [["type"], ["status"], ["title"]];

/** A request's parameters, and the media types of its body. */
function Takes({ named, parameters = [], requestBody }: Named) {
  const body = requestBody?.content;
  if (parameters.length === 0 && !body) return null;
  return (
    <Table name={`Parameters of ${named}`} layout="stack" columns={TAKES} scrolls={false}>
      <tbody>
        {parameters.map((parameter) => (
          <ParameterRow {...parameter} />
        ))}
        {body && (
          <tr>
            <th scope="row">Body</th>
            <td></td>
            <td>{Object.keys(body).join(", ")}</td>
          </tr>
        )}
      </tbody>
    </Table>
  );
}

function Answers({ named, responses = {} }: Named) {
  return (
    <Table name={`Answers of ${named}`} layout="stack" columns={ANSWERS} scrolls={false}>
      <tbody>
        {Object.entries(responses).map(([status, { description, content }]) => (
          <tr>
            <th scope="row">
              <code>{status}</code>
            </th>
            <td>{description}</td>
            <td>{Object.keys(content ?? {}).join(", ")}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** What to type first, a comment above each line. */
function commands({ claim, checkpoint }: ApiPage["examples"], receipts = false): string {
  const api = "http://localhost:8000/v1";
  const verification = `${api}/claims/${claim}/verification`;
  const network = `${api}/checkpoints/${checkpoint}`;
  const ofClaim = [
    "# a verdict, after 1,000 training and 1,000 test images were run anew",
    `curl '${verification}?shards=1&seed=7'`,
    `# the same with its progress${receipts ? ", and as a signed receipt" : ""}`,
    `curl -N -H 'Accept: text/event-stream' ${verification}`,
    ...(receipts ? [`curl -OJ -H 'Accept: application/vnd.in-toto.bundle' ${verification}`] : []),
  ];
  const ofNetwork = [
    "# what a network gets right of 1,000 test images, and all that an auditor needs of it",
    `curl '${network}/evaluations/test?end=1000'`,
    `curl -OJ ${network}/archive.zip`,
  ];
  return [
    "# the claims, and the networks that bear on them",
    `curl ${api}/claims`,
    ...(claim ? ofClaim : []),
    ...(checkpoint ? ofNetwork : []),
  ].join("\n");
}

function First({ links, pack, receipts, examples }: Frame & Pick<ApiPage, "examples">) {
  return (
    <>
      <h2 id="first">First</h2>
      <p>
        Look at <a href={links.page("")}>what was found</a>
        {!pack && (
          <>
            , at the <a href={links.page("figures")}>figures</a> beside{" "}
            <a href="https://arxiv.org/abs/1611.03530">the paper's</a>
          </>
        )}
        , and at the <a href={links.page("claims")}>claims</a>. Then check one, here in a terminal
        {!pack && (
          <>
            {" "}
            or <a href={links.page("audit")}>in your browser</a>
          </>
        )}
        :
      </p>
      <pre data-curl>
        <code>{commands(examples, receipts)}</code>
      </pre>
      <p>
        At the pages' addresses a program gets JSON, too, unless it asks for <code>text/html</code>.
        Here it does only if it asks for <code>application/json</code>. Of the audit there is a page
        alone. For generators of clients: <a href={links.file("openapi.json")}>openapi.json</a>,
        OpenAPI 3.1.
      </p>
    </>
  );
}

export function DocsPage({ document, problems, examples, ...frame }: Frame & ApiPage) {
  const { info, paths, components } = document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      named: `${method.toUpperCase()} ${path}`,
    })),
  );
  return (
    <Layout
      {...frame}
      here="docs"
      title={`${info.title} ${info.version}, the API`}
      about="What can be asked of this server, beginning with what a reader does first."
      modules={["page"]}
    >
      <h1>Ask over HTTP</h1>
      <First {...frame} examples={examples} />
      <p>{info.description}</p>
      <h2>Addresses</h2>
      {operations.map((operation) => (
        <>
          <h3>
            <code>{operation.named}</code>
          </h3>
          <p>{operation.summary}.</p>
          {operation.description && <p>{operation.description}</p>}
          <Takes {...operation} />
          <Answers {...operation} />
        </>
      ))}
      <h2>Problems</h2>
      <Table name="Problems" layout="stack" columns={PROBLEMS} scrolls={false}>
        <tbody>
          {Object.entries(problems).map(([name, { status, title }]) => (
            <tr id={name}>
              <th scope="row">
                <code>/problems/{name}</code>
              </th>
              <td>{status}</td>
              <td>{title}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      <h2>Schemas</h2>
      {Object.entries(components.schemas ?? {}).map(([name, schema]) => (
        <details>
          <summary>{name}</summary>
          <pre>{JSON.stringify(schema, null, 1)}</pre>
        </details>
      ))}
    </Layout>
  );
}

/** The page as text. */
export function docsText(page: Frame & ApiPage): string {
  return `${DocsPage(page)}`;
}
