/**
 * Bytes that answers are still being sent of: who asks for the same meanwhile gets the very same,
 * so that what many clients hold up takes no more memory than what there is to send.
 */
const sent = new Map<string, WeakRef<ArrayBuffer>>();

const collected = new FinalizationRegistry<string>((sha256) => {
  if (sent.get(sha256)?.deref() === undefined) sent.delete(sha256);
});

/** These bytes, or the same that are being sent already. */
export function shareInFlight(
  sha256: string,
  bytes: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const known = sent.get(sha256)?.deref();
  if (known) return new Uint8Array(known);
  const { buffer } = bytes;
  // A part of a larger buffer would be taken for the whole of it.
  if (buffer.byteLength !== bytes.length) return bytes;
  sent.set(sha256, new WeakRef(buffer));
  collected.register(buffer, sha256);
  return bytes;
}
