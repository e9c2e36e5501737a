/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The frame of every page. */
import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import type { Links } from "./links.ts";
import { STYLE } from "./style.ts";

export interface Frame {
  links: Links;
  /** Whether client code can be had here; a page without it is complete, and does less. */
  scripts: boolean;
  /** Whether there is an API beside the pages. */
  server: boolean;
  /** Whether that counts all published predictions where it verifies a claim. */
  counting?: boolean;
  /** Whether it signs what it found. */
  receipts?: boolean;
  /** Whether the claims are somebody else's: then there are no figures, and no audit. */
  pack?: boolean;
  /** Whether the datasets' blocks are not to be had here: an audit then takes the files from its reader alone. */
  noBlocks?: boolean;
  /** Written into the page where no server sends it as a header. */
  policy?: string;
}

interface Properties extends Frame {
  title: string;
  /** One sentence, for whoever finds the page. */
  about: string;
  /** The place in the navigation, as its path. */
  here: string;
  /** Modules of the client to load, by name. */
  modules?: string[];
  children?: Child;
}

const PLACES = [
  ["", "Results"],
  ["figures", "Figures"],
  ["claims", "Claims"],
  ["checkpoints", "Networks"],
  ["audit", "Audit"],
  ["docs", "API"],
] as const;

export function Layout({
  links,
  scripts,
  server,
  pack = false,
  policy,
  title,
  about,
  here,
  modules = [],
  children,
}: Properties) {
  const page = (
    <html lang="en" data-root={links.file("")}>
      <head>
        <meta charset="utf-8" />
        {policy && <meta http-equiv="Content-Security-Policy" content={policy} />}
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content={about} />
        <title>{here === "" ? title : `${title} · Rethink`}</title>
        {/* In the page, so that it can be read after one round trip. */}
        <style>{raw(STYLE)}</style>
        <link rel="icon" href={links.file("assets/icon.svg")} type="image/svg+xml" />
        {scripts &&
          modules.map((name) => (
            <script type="module" src={links.file(`assets/${name}.js`)}></script>
          ))}
      </head>
      <body>
        <a class="skip" href="#main">
          To the text
        </a>
        <header>
          <nav aria-label="Pages">
            <strong>
              <a href={links.page("")}>Rethink</a>
            </strong>
            {PLACES.filter(([path]) =>
              path === "docs" ? server : !pack || !["", "figures", "audit"].includes(path),
            ).map(([path, name]) => (
              <a href={links.page(path)} aria-current={path === here ? "page" : undefined}>
                {name}
              </a>
            ))}
          </nav>
        </header>
        <main id="main">{children}</main>
        <footer>
          Every number here is a count of published predictions, and can be{" "}
          {pack ? "recomputed" : <a href={links.page("audit")}>recomputed</a>}. The paper:{" "}
          <a href="https://arxiv.org/abs/1611.03530">
            Zhang, Bengio, Hardt, Recht, Vinyals, “Understanding deep learning requires rethinking
            generalization”
          </a>
          , ICLR 2017.
        </footer>
      </body>
    </html>
  );
  return (
    <>
      {raw("<!doctype html>")}
      {page}
    </>
  );
}
