/** Where this program lies, and where it keeps what it makes: a clone in itself, a package with its user. */
import { homedir, platform } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Whether this is the built package and not the sources. */
export const BUILT = import.meta.url.endsWith(".js");

/** The folder that holds package.json, models and fixtures. */
export const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

const { env } = process;

/** A user's folder for caches, as each system has it; all projects of the user share it. */
function userCache(): string {
  if (platform() === "win32") {
    return join(env.LOCALAPPDATA || join(homedir(), "AppData/Local"), "rethink/Cache");
  }
  if (platform() === "darwin") return join(homedir(), "Library/Caches/rethink");
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "rethink");
}

/** A user's folder for what is to stay. */
function userData(): string {
  if (platform() === "win32") {
    return join(env.APPDATA || join(homedir(), "AppData/Roaming"), "rethink");
  }
  return join(env.XDG_CONFIG_HOME || join(homedir(), ".config"), "rethink");
}

/** The folder of what is converted, fetched or computed here; deleted, it is made again. */
export const CACHE = env.RETHINK_CACHE || (BUILT ? userCache() : join(PROJECT, ".cache"));

/** The folder of what nothing makes again: the signing key. */
export const KEPT =
  env.RETHINK_HOME || !BUILT ? join(env.RETHINK_HOME || PROJECT, ".rethink") : userData();
