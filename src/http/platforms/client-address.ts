/** Whose request it is, by the address of the connection or what proxies in front say of it. */
import type { Settings } from "../settings.ts";

/**
 * Each proxy adds who asked it to the end of X-Forwarded-For; what stands before those is the
 * client's own invention.
 * @param address of the connection
 */
export function clientAddress(
  address: string | undefined,
  headers: Headers,
  { proxies }: Pick<Settings, "proxies">,
): { client?: string } {
  const said = proxies === 0 ? undefined : headers.get("X-Forwarded-For")?.split(",");
  const client = said?.at(-proxies)?.trim().slice(0, 100) || address;
  return client === undefined ? {} : { client };
}
