/** Verifications as signed receipts, and the public key that checks them. */
import { type Context, Hono } from "hono";
import { sha256Hex } from "../../datasets/digest.ts";
import type { SigningKey } from "../../receipts/keys.ts";
import { BUNDLE_TYPE, writeReceipt } from "../../receipts/receipt.ts";
import type { Report } from "../../verification/verify-claims.ts";
import { untilDeadline } from "../making/deadline.ts";
import { describe } from "../answers/describe.ts";
import { download } from "../answers/download.ts";
import { Problem } from "../answers/problem.ts";
import type { Service } from "../service.ts";
import { signalOf, verify } from "../making/verifications.ts";
import type { VerificationTask } from "../making/verify-claim.ts";

const KEY_ADDRESS = "/.well-known/rethink-receipts.pem";

/** @throws Problem if this server has no key. */
function signingKeyOf({ signingKey }: Service): SigningKey {
  if (signingKey) return signingKey;
  throw new Problem("no-receipts", "ask for application/json, or verify with a key of your own");
}

/**
 * Verifies now and answers with the receipt; as it says when, and no two
 * signatures are alike, it is not kept.
 * @param digest of the task, where others who ask for the same meanwhile may share the work
 * @param check throws where the client wants none of such a report
 * @throws Problem if there is no key or nothing to evaluate.
 */
export async function receipt(
  c: Context,
  service: Service,
  task: VerificationTask,
  digest: string | undefined,
  check: (report: Report) => void,
): Promise<Response> {
  const key = signingKeyOf(service);
  if (task.checkpoints.length === 0) {
    throw new Problem("nothing-to-sign", "no checkpoint that bears on the claim is published");
  }
  const headers = {
    "Content-Type": BUNDLE_TYPE,
    "Content-Disposition": 'attachment; filename="receipt.intoto.jsonl"',
    "Cache-Control": "no-store",
    Link: `<${service.prefix}${KEY_ADDRESS}>; rel="describedby"`,
  };
  if (c.req.method === "HEAD") return c.body(null, 200, headers);
  const { report } = await untilDeadline(
    c,
    service,
    ({ signal }) => verify(service, task, digest, signal, { fresh: true }),
    (own) => signalOf(service, digest, own),
  );
  check(report);
  return c.body(await writeReceipt(report, key), 200, headers);
}

export function receiptKey(service: Service) {
  return new Hono().get(
    KEY_ADDRESS,
    describe({
      summary: "The public key that checks this server's receipts",
      tags: ["claims"],
      content: { "application/x-pem-file": null },
      tagged: true,
      also: { 206: "A range of the file" },
      problems: ["no-receipts", "range-not-satisfiable"],
    }),
    async (c) => {
      const bytes = new TextEncoder().encode(signingKeyOf(service).publicPem);
      const sha256 = await sha256Hex(bytes);
      const filename = "rethink-receipts.pem";
      const type = "application/x-pem-file";
      return await download(c, { bytes, sha256, type, filename, pinned: false });
    },
  );
}
