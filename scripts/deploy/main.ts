/** `npm run bundle -- workers | fetch | lambda [--native ARCH]`: what a platform is given, in dist/. */
import { parseArgs } from "node:util";
import { InputError } from "../../src/datasets/storage.ts";
import { isWrongUse } from "../wrong-use.ts";
import { buildFetch } from "./fetch/build.ts";
import { buildLambda } from "./lambda/build.ts";
import { buildWorker } from "./workers/build.ts";

const ARCHITECTURES = ["x64", "arm64"] as const;

function architecture(name: string | undefined) {
  const found = ARCHITECTURES.find((one) => one === name);
  if (name === undefined || found) return found;
  throw new InputError(`--native takes ${ARCHITECTURES.join(" or ")}`);
}

async function lambda(native: string | undefined): Promise<string> {
  const { zip, unpacked } = await buildLambda({ native: architecture(native) });
  return `${zip}, which unpacks to ${Math.round(unpacked / 1e6)} MB`;
}

const PLATFORMS: Record<string, (native: string | undefined) => Promise<string>> = {
  workers: () => buildWorker(),
  fetch: () => buildFetch(),
  lambda,
};

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { native: { type: "string" } },
  });
  const [name = "", more] = positionals;
  const build = Object.hasOwn(PLATFORMS, name) ? PLATFORMS[name] : undefined;
  if (!build || more !== undefined)
    throw new InputError(`name one of ${Object.keys(PLATFORMS).join(", ")}`);
  if (values.native !== undefined && name !== "lambda")
    throw new InputError(`--native is of lambda, not of ${name}`);
  console.log(await build(values.native));
} catch (error) {
  if (!(error instanceof InputError) && !isWrongUse(error)) throw error;
  console.error(`bundle: ${error.message}`);
  process.exitCode = 2;
}
