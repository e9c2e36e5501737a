/** Pages and figures as text, made once of the site as it is. */
import type { Wanted } from "../../web/pages/claims.tsx";
import type { Site } from "../../web/site.ts";
import { Problem } from "../answers/problem.ts";
import { prepare, type Text } from "../answers/text.ts";
import type { Service } from "../service.ts";
import { frameOf } from "./frame.ts";
import { siteReader } from "./site.ts";

const HTML = "text/html; charset=utf-8";

/** Where the dataset cannot be read, a page is shown without its images, until it can be. */
async function examplesOf(
  { project, dataset, log }: Service,
  site: Site,
  id: string,
  forget: () => void,
) {
  const { readExamples } = await import("../../web/examples.ts");
  try {
    return await readExamples(project, dataset, site, id);
  } catch (error) {
    if (!(error instanceof Problem && error.problem === "data-unavailable")) throw error;
    forget();
    log({ level: "error", event: `${id} is shown without images`, cause: String(error.cause) });
    return undefined;
  }
}

export function renderedFor(service: Service) {
  const readSite = siteReader(service);
  const rendered = new WeakMap<Site, Map<string, Promise<Text>>>();

  /** What was made out of this site under a name, made once; anew where it failed or was forgotten. */
  async function kept(
    name: string,
    make: (site: Site, forget: () => void) => Promise<Text>,
  ): Promise<Text> {
    const site = await readSite();
    const made = rendered.get(site) ?? new Map<string, Promise<Text>>();
    rendered.set(site, made);
    const forget = () => made.delete(name);
    const text = made.get(name) ?? make(site, forget);
    made.set(name, text);
    text.catch(forget);
    return await text;
  }

  return {
    /** @throws Problem if there is no page at the path. */
    async page(path: string, wanted: Wanted = {}): Promise<Text> {
      const { render } = await import("../../web/render.ts"); // no start should wait for it
      return await kept(JSON.stringify([path, wanted]), async (site, forget) => {
        const examples = (id: string) => examplesOf(service, site, id, forget);
        const html = await render({ site, examples }, path, frameOf(service, path), wanted);
        if (html === undefined) throw new Problem("unknown-id", `there is no page /${path}`);
        return await prepare(html, HTML);
      });
    },
    /** @throws Problem if there is no figure, or none of this extension. */
    async figure(id: string, extension: string): Promise<Text> {
      const { figureFile } = await import("../../web/figures/files.ts");
      return await kept(`figures/${id}.${extension}`, async (site) => {
        const file = figureFile(site, id, extension);
        if (!file) throw new Problem("unknown-id", `there is no figure ${id}.${extension}`);
        return await prepare(file.text, file.type);
      });
    },
  };
}
