/** Whose request it is, by the address of the connection or what proxies in front say of it. */
import type { Settings } from "../settings.ts";

/** The eight groups of an IPv6 address, of at most four digits each; undefined where it is none. */
function groupsOf(address: string): string[] | undefined {
  if (!URL.canParse(`http://[${address}]`)) return undefined;
  const { hostname } = new URL(`http://[${address}]`); // written in one way only
  const [head = [], tail = []] = hostname
    .slice(1, -1)
    .split("::")
    .map((part) => part.split(":").filter(Boolean));
  return [...head, ...Array(8 - head.length - tail.length).fill("0"), ...tail];
}

/** IPv4 where an IPv6 address only wraps it (RFC 4291, section 2.5.5.2). */
function mappedIn(groups: string[]): string | undefined {
  if (groups.slice(0, 6).join(":") !== "0:0:0:0:0:ffff") return undefined;
  const bytes = groups.slice(6).flatMap((group) => {
    const number = Number.parseInt(group, 16);
    return [number >> 8, number & 255];
  });
  return bytes.join(".");
}

/**
 * The client that an address belongs to: its port is another for each connection, and of IPv6 a
 * client has a network of 64 bits to itself. What is no address is a client of that name.
 */
export function clientAt(address: string): string {
  const [, bracketed, dotted] = /^\[(.*)\](?::\d+)?$|^([\d.]+)(?::\d+)?$/.exec(address) ?? [];
  if (dotted) return dotted;
  const [unzoned = ""] = (bracketed ?? address).split("%");
  const groups = groupsOf(unzoned);
  if (!groups) return address;
  return mappedIn(groups) ?? `${groups.slice(0, 4).join(":")}::/64`;
}

/**
 * Each proxy adds who asked it to the end of X-Forwarded-For; what stands before those is the
 * client's own invention.
 * @param address of the connection, where the platform tells it
 */
export function clientAddress(
  address: string | undefined,
  headers: Headers,
  { proxies }: Pick<Settings, "proxies">,
): { client?: string } {
  const said = proxies === 0 ? undefined : headers.get("X-Forwarded-For")?.split(",");
  const client = said?.at(-proxies)?.trim().slice(0, 100) || address;
  return client === undefined ? {} : { client: clientAt(client) };
}
