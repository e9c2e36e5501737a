/** How a person calls a command: `rethink train ID` of the package, `npm run train -- ID` in a clone. */
const address: string | undefined = import.meta.url; // a Worker's modules have none
const BUILT = address?.endsWith("/command.js") ?? false;

export function commandLine(name: string, ...args: string[]): string {
  if (BUILT) return ["rethink", name, ...args].join(" ");
  return ["npm run", name, ...(args.length > 0 ? ["--", ...args] : [])].join(" ");
}
