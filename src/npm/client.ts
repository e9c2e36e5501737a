/** The person's own npm client: its registry, proxy, credentials and cache are theirs. */
import { spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { InputError } from "../datasets/storage.ts";

/** What npm is started with: on Windows it is a script, and the shell that it needs wants quotes around spaces. */
export function startedWith(args: string[], platform = process.platform) {
  const shell = platform === "win32";
  const words = shell
    ? args.map((word) => (/[^\w:\\/.@=-]/.test(word) ? `"${word}"` : word))
    : args;
  return { words, shell };
}

/** Runs npm in the current folder, whose .npmrc holds; @throws Error with npm's own last words. */
export async function npm(args: string[]): Promise<string> {
  const { words, shell } = startedWith(args);
  const child = spawn("npm", words, {
    stdio: ["ignore", "pipe", "pipe"],
    shell,
    env: { ...process.env, npm_config_loglevel: "error", npm_config_update_notifier: "false" },
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(new InputError(`npm cannot be started (${error.code}); is it installed?`)),
    );
    child.on("close", resolve);
  });
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code === 0) return out;
  const lines = `${err}`
    .split("\n")
    .map((line) => line.replace(/^npm (error|ERR!) ?/i, "").trim())
    .filter((line) => line && !/^(A complete log|Log files|code )/.test(line));
  const reason = lines.find((line) => /ENOTFOUND|ECONN|ETIMEDOUT|E\d{3}|request to|404/.test(line));
  throw new InputError((reason ?? lines[0] ?? `it ended with ${code}`).replace(/[.,;\s]+$/, ""));
}

/** How many bytes npm has taken in since a time, which lie in its cache until they are whole. */
async function arriving(folder: string, since: number): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => null)));
  return found.reduce((sum, s) => sum + (s && s.birthtimeMs >= since ? s.size : 0), 0);
}

/**
 * Lets npm put a package's tarball into a folder, its digest checked by npm.
 * @param onBytes hears now and then how many bytes there are
 */
export async function npmPack(
  spec: string,
  folder: string,
  onBytes: (count: number) => void,
): Promise<void> {
  const since = Date.now() - 1000;
  let cache: string | undefined;
  void npm(["config", "get", "cache"]).then(
    (path) => {
      cache = join(path.trim(), "_cacache/tmp");
    },
    () => {}, // then the bar stands still until the end
  );
  const timer = setInterval(() => {
    if (cache) void arriving(cache, since).then(onBytes);
  }, 250);
  try {
    await npm(["pack", spec, "--pack-destination", folder, "--ignore-scripts"]);
  } finally {
    clearInterval(timer);
  }
}
