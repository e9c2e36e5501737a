/** Redis by its address: TLS, user and password in it, and one line where it cannot be had. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { InputError } from "../../src/datasets/storage.ts";
import { openRuntime } from "../../src/evaluation/runtimes/open.ts";
import { sha256Hex } from "../../src/datasets/digest.ts";
import { checkAnswer } from "../../src/queue/answer.ts";
import { connect } from "../../src/queue/connection.ts";
import { gather } from "../../src/queue/coordinator.ts";
import { type EvaluationJob, nameOf, queueOf } from "../../src/queue/jobs.ts";
import { linearModel } from "../models.ts";
import { type Redis, startRedis, UNAVAILABLE } from "./redis.ts";

const test = suite("the queue's address");

async function refused(address: string, message: RegExp): Promise<void> {
  const outcome = await connect(new URL(address)).catch((error) => error);
  assert.instance(outcome, InputError);
  assert.match(outcome.message, message);
  assert.not.match(outcome.message, /secret/);
  assert.not.match(outcome.message, /\n/);
}

test("who is not there, or no queue, is named without user and password", async () => {
  const server = createServer((socket) => {
    socket
      .resume()
      .on("error", () => {})
      .end("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  await refused(`redis://me:secret@127.0.0.1:${port}`, /^cannot reach the queue at redis:\/\/127/);
  server.close();
  await once(server, "close");
  await refused(`redis://me:secret@127.0.0.1:${port}`, /ECONNREFUSED/);
  await refused("redis://no-such-host.invalid", /ENOTFOUND|EAI_AGAIN/);
});

test("user and password are those in the address", async () => {
  const redis = await startRedis([
    "--user",
    "ann",
    "on",
    ">secret",
    "~rethink:*",
    "+@all",
    "--requirepass",
    "other",
  ]);
  const { host } = redis.url;
  await connect(new URL(`redis://ann:secret@${host}`));
  await connect(new URL(`valkey://:other@${host}`)); // the default user
  await refused(`redis://ann:secret2@${host}`, /refuses the user or the password/);
  await refused(`redis://${host}`, /refuses the user or the password .*NOAUTH/);
  await redis.stop();
});

/** A Redis that speaks TLS alone, with a certificate of its own. */
async function startTls(): Promise<Redis & { certificate: string }> {
  const [key, certificate] = ["key.pem", "certificate.pem"];
  const { folder: at, stop: remove } = await startRedis(); // for its folder
  const made = spawnSync(
    "openssl",
    `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout ${at}/${key} -out ${at}/${certificate}`.split(
      " ",
    ),
  );
  assert.is(made.status, 0, String(made.stderr));
  const files = ["--tls-key-file", `${at}/${key}`, "--tls-cert-file", `${at}/${certificate}`];
  const redis = await startRedis(
    ["--tls-port", "PORT", ...files, "--tls-auth-clients", "no"],
    "rediss",
  );
  return {
    ...redis,
    certificate: `${at}/${certificate}`,
    async stop() {
      await redis.stop();
      await remove();
    },
  };
}

test("over TLS a worker that trusts the certificate works; who does not is refused", async () => {
  const redis = await startTls();
  await refused(redis.url.href, /self.signed certificate/);
  await refused(redis.url.href.replace("rediss:", "redis:"), /cannot reach the queue/);
  const program = fileURLToPath(new URL("victim.ts", import.meta.url));
  const worker = spawn(process.execPath, ["--import", "tsx", program, redis.url.href, "safe"], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: redis.certificate },
    stdio: "ignore",
  });
  const { name, package: from, version } = await openRuntime("native");
  const job: EvaluationJob = {
    kind: "evaluate",
    checkpoint: "linear",
    sha256: await sha256Hex(linearModel()),
    view: { dataset: "cifar10", labels: { kind: "true" }, pixels: { kind: "true" } },
    split: "test",
    shards: [{ start: 0, end: 100 }],
    runtime: { name, package: from, version },
  };
  // This process does not trust it, and need not: it looks the other way.
  const trusting = { url: redis.url.href, tls: { rejectUnauthorized: false } };
  let answer: unknown;
  await gather({
    connection: {
      name: "tls",
      address: redis.url.href,
      options: { ...trusting, maxRetriesPerRequest: null },
    },
    queue: queueOf(job),
    jobs: new Map([[await nameOf(job), job]]),
    onOutcome(_, outcome) {
      answer = "answer" in outcome && outcome.answer;
    },
  });
  const checked = await checkAnswer(job, answer);
  assert.is(checked.ranOn?.worker, "safe");
  worker.kill("SIGTERM");
  await once(worker, "exit");
  await redis.stop();
});

if (UNAVAILABLE) console.log(`skipped: ${UNAVAILABLE}`);
else test.run();
