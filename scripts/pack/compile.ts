/** What is used of src/ as plain JavaScript with declarations, file for file, so that every path stays what it is. */
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";

export interface Compiled {
  /** Texts by their paths in the package. */
  files: Map<string, string>;
  /** Packages that the JavaScript loads, by import or require, and where each is. */
  loads: Map<string, string[]>;
}

const JSON_IMPORT = /(\bfrom\s*)"([^"]+\.json)" with \{ type: "json" \}/g;
const SPECIFIER =
  /(\bfrom\s*|\bimport\s*\(\s*|\bimport\s*|\brequire\s*\(\s*|\bresolve\s*\(\s*)(["'])([^"'\n]+)\2/g;

/** The package that a specifier names; undefined for files, Node's own modules and others' schemes. */
function packageOf(specifier: string): string | undefined {
  const name = /^((?:@[\w.-]+\/)?[a-z0-9][\w.-]*)(?:\/|$)/.exec(specifier)?.[1];
  return specifier.startsWith("node:") ? undefined : name;
}

function diagnosed(diagnostics: readonly ts.Diagnostic[]): string {
  return diagnostics
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))
    .join("\n");
}

/**
 * Compiles to paths below dist/ what is reached in `root` from the entry files.
 * @param elsewhere specifiers of packages and the package's own files that take their place
 * @param about what takes the place of package.json, where a source imports that
 * @throws Error where the compiler has something to say
 */
export function compile(
  root: string,
  entries: string[],
  elsewhere: ReadonlyMap<string, string>,
  about: Record<string, unknown>,
): Compiled {
  const files = new Map<string, string>();
  const loads = new Map<string, string[]>();
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, "tsconfig.json"),
    {
      noEmit: false,
      declaration: true,
      noCheck: true, // `npm run types` does
      rewriteRelativeImportExtensions: true,
      rootDir: root,
      outDir: "/out",
      removeComments: false,
    },
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (d) => {
        throw new Error(diagnosed([d]));
      },
    },
  ) as ts.ParsedCommandLine;
  const program = ts.createProgram(
    entries.map((path) => join(root, path)),
    config.options,
  );
  const sources = program
    .getSourceFiles()
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith(join(root, "src/")) && !/\.(json|d\.ts)$/.test(name));

  /** Node 20 warns of every import of JSON, and not every bundler has it: a module holds the data. */
  function asModule(json: string, from: string): string {
    const inside = relative(root, json).replaceAll("\\", "/");
    const path = `dist/json/${inside.replaceAll("/", "-")}.js`;
    const data: unknown =
      inside === "package.json" ? about : JSON.parse(readFileSync(json, "utf8"));
    files.set(path, `export default ${JSON.stringify(data)};\n`);
    return relativeTo(from, path);
  }

  function relativeTo(from: string, path: string): string {
    const way = relative(dirname(from), path).replaceAll("\\", "/");
    return way.startsWith(".") ? way : `./${way}`;
  }

  function rewritten(text: string, path: string, source: string): string {
    return text
      .replace(
        JSON_IMPORT,
        (_, from: string, specifier: string) =>
          `${from}"${asModule(resolve(dirname(source), specifier), path)}"`,
      )
      .replace(SPECIFIER, (all: string, before: string, quote: string, specifier: string) => {
        const own = elsewhere.get(specifier);
        if (own) return `${before}${quote}${relativeTo(path, own)}${quote}`;
        // Declarations keep the extensions of the sources.
        if (path.endsWith(".d.ts") && specifier.startsWith("."))
          return `${before}${quote}${specifier.replace(/\.tsx?$/, ".js")}${quote}`;
        const name = path.endsWith(".js") ? packageOf(specifier) : undefined;
        if (name) loads.set(name, [...(loads.get(name) ?? []), path]);
        return all;
      });
  }

  // What it says is of types that have no name, in declarations that nobody is given.
  const { diagnostics } = program.emit(undefined, (name, text, _mark, _error, from) => {
    const path = relative("/out/src", name).replaceAll("\\", "/");
    if (path.startsWith("..") || name.endsWith(".json")) return;
    files.set(`dist/${path}`, rewritten(text, `dist/${path}`, from?.[0]?.fileName ?? name));
  });
  const lost = sources.filter((source) => {
    const path = relative(root, source).replaceAll("\\", "/").replace(/^src/, "dist");
    return !files.has(path.replace(/\.tsx?$/, ".js"));
  });
  if (lost.length > 0) throw new Error(`${lost.join(", ")}: ${diagnosed(diagnostics)}`);
  return { files, loads };
}
