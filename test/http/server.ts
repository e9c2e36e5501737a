/** A real server in a process of its own, under Node or Deno. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Deno itself: the command of its npm package would keep signals from it. */
export function denoProgram(): string {
  const api = createRequire(import.meta.url)("deno/install_api.cjs") as { runInstall(): string };
  return api.runInstall();
}

const COMMANDS = {
  node: ["node", "--import", "tsx", "src/cli/main.ts", "serve"],
  deno: [denoProgram(), "run", "-A", "src/cli/main.ts", "serve"],
  "deno serve": [
    denoProgram(),
    "serve",
    "-A",
    "--host=127.0.0.1",
    "--port=0",
    "src/http/platforms/deno.ts",
  ],
};

export interface RunningServer {
  origin: string;
  pid: number;
  /** Sends SIGTERM; the exit code once the process ended. */
  end(): Promise<number | null>;
}

/** Starts a server on a free port, ours or another program; rejects with what it printed if it ends before it listens. */
export async function startServer(
  platform: keyof typeof COMMANDS | string[],
  environment: Record<string, string> = {},
): Promise<RunningServer> {
  const [program, ...args] = (Array.isArray(platform) ? platform : COMMANDS[platform]) as [
    string,
    ...string[],
  ];
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, RETHINK_PORT: "0", RETHINK_LOG: "errors", ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const origin = await new Promise<string>((resolve, reject) => {
    let printed = "";
    child.stderr.on("data", (text) => {
      printed += text;
      const found = /(?:serves|[LR](?:isten|unn)ing on) (http:\S+[^\s/])/.exec(printed)?.[1];
      if (found) resolve(found);
    });
    child.on("close", () => reject(new Error(printed)));
  });
  return {
    origin,
    pid: child.pid as number,
    end() {
      // After child.kill Deno tells no exit code.
      if (child.exitCode === null) process.kill(child.pid as number, "SIGTERM");
      return ended;
    },
  };
}
