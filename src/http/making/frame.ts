/** What a server makes every page with. */
import type { Frame } from "../../web/layout.tsx";
import { linksFrom } from "../../web/links.ts";
import type { Service } from "../service.ts";

/** Whether the claims are somebody else's than the paper's: then there are no figures, and no audit. */
export function isPack({ project }: Pick<Service, "project">): boolean {
  return project.claims !== undefined;
}

/** @param path of the page, from the root */
export function frameOf(service: Service, path: string): Frame {
  const pack = isPack(service);
  // What runs in a browser knows the paper's networks alone.
  const scripts = service.assets !== undefined && !pack;
  const { counting, signingKey } = service;
  const receipts = signingKey !== undefined;
  return { links: linksFrom(path), scripts, server: true, counting, receipts, pack };
}
