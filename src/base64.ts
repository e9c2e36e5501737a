/** Base64 (RFC 4648, section 4) where Uint8Array has no method for it yet. */

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));
}

/**
 * Bytes of base64 in the standard or the URL-safe alphabet, since DSSE lets a signer use either.
 * @throws SyntaxError if the text is neither.
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (c) => c.charCodeAt(0));
  } catch {
    throw new SyntaxError("it is not base64");
  }
}
