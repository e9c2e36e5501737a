/** Addresses as people write them, with user and password: fetch takes none such, and no message tells them. */
import { InputError } from "./storage.ts";

export function isAddress(given: string): boolean {
  return /^https?:\/\//i.test(given);
}

/** An address, or a path, for people: without user and password, and without a query, which may be as secret. */
export function nameOf(given: string | URL): string {
  return `${given}`.replace(/^([a-z][\w+.-]*:\/\/)(?:[^/?#]*@)?([^?#]*).*$/is, "$1$2");
}

export interface Address {
  /** What may be asked for and told. */
  url: URL;
  /** User and password, if there are any. A redirect to another origin loses them, as fetch has it. */
  headers: Record<string, string>;
  /** An address below it. */
  at(path: string): URL;
}

/** The bytes that a part of an address stands for, a letter each. */
function bytesOf(part: string): string {
  return part.replace(/%([0-9a-f]{2})/gi, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** @throws InputError where it is no address. */
export function readAddress(given: string | URL): Address {
  if (!URL.canParse(`${given}`)) throw new InputError(`${nameOf(given)} is no address`);
  const url = new URL(given);
  const said = [url.username, url.password];
  url.username = "";
  url.password = "";
  const base = nameOf(url).replace(/\/?$/, "/");
  return {
    url,
    headers: said.some(Boolean)
      ? { Authorization: `Basic ${btoa(said.map(bytesOf).join(":"))}` } // RFC 7617
      : {},
    at: (path) => new URL(path, base),
  };
}
