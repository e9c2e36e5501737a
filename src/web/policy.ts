/**
 * What the browser may do for an answer (Content Security Policy 3). No page runs a script that is
 * not a file of this host, and WebAssembly runs in workers alone, which have the policy of their
 * own script. Styles may be inline: figures carry theirs.
 */
const NOTHING = "default-src 'none'; style-src 'unsafe-inline'";
const FRAMES = "frame-ancestors 'none'";

const PAGE = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
].join("; ");

const SCRIPT = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "worker-src 'self'",
].join("; ");

/** @param type the answer's media type */
export function policyOf(type: string): string {
  if (type.startsWith("text/html")) return `${PAGE}; ${FRAMES}`;
  if (type.startsWith("text/javascript")) return `${SCRIPT}; ${FRAMES}`;
  return `${NOTHING}; ${FRAMES}`;
}

/** As an element of the page says it, where no header can; frames are not its to forbid. */
export const PAGE_POLICY = PAGE;
