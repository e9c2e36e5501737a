/** Every page as HTML text, by its path: what the server answers with and the export writes. */
import type { Claim } from "../claims/claim.ts";
import { FIGURES } from "./figures/figures.ts";
import type { Frame } from "./layout.tsx";
import { linksFrom } from "./links.ts";
import { AuditPage } from "./pages/audit.tsx";
import type { Examples } from "./examples.ts";
import { CheckpointPage } from "./pages/checkpoint.tsx";
import { CheckpointsPage } from "./pages/checkpoints.tsx";
import { ClaimPage } from "./pages/claim.tsx";
import { ClaimsPage } from "./pages/claims.tsx";
import { FigurePage, FiguresPage } from "./pages/figures.tsx";
import { Home } from "./pages/home.tsx";
import type { Report } from "../verification/verify-claims.ts";
import { ProblemPage, type ProblemText } from "./pages/problem.tsx";
import { VerificationPage } from "./pages/verification.tsx";
import type { Site } from "./site.ts";

/** How pages are made this time. */
export interface Rendering {
  scripts: boolean;
  /** Whether they are files of a host that serves nothing else. */
  static?: boolean;
  policy?: string;
}

/** What pages are made of. */
export interface Material {
  site: Site;
  /** Images with what they are and what a net says; undefined where the dataset cannot be read. */
  examples(id: string): Promise<Examples | undefined>;
}

type Page = (material: Material, frame: Frame) => unknown;

/** The paths of all pages but those that describe the API. */
export function pagePaths({ numbers, claims }: Site): string[] {
  return [
    "",
    "figures",
    ...FIGURES.map(({ id }) => `figures/${id}`),
    "checkpoints",
    ...[...numbers.keys()].map((id) => `checkpoints/${id}`),
    "audit",
    "claims",
    ...claims.map(({ id }) => `claims/${id}`),
  ];
}

function pageOf(path: string, { claims, pack }: Site): Page | undefined {
  const [, room, id] = /^([^/]*)(?:\/([^/]+))?$/.exec(path) ?? [];
  if (pack && (room === "figures" || room === "audit")) return undefined;
  if (id === undefined) {
    const pages: Record<string, Page> = {
      "": ({ site }, frame) => (pack ? ClaimsPage({ site, ...frame }) : Home({ site, ...frame })),
      figures: ({ site }, frame) => FiguresPage({ site, ...frame }),
      audit: ({ site }, frame) => AuditPage({ site, ...frame }),
      checkpoints: ({ site }, frame) => CheckpointsPage({ site, ...frame }),
      claims: ({ site }, frame) => ClaimsPage({ site, ...frame }),
    };
    return room !== undefined && Object.hasOwn(pages, room) ? pages[room] : undefined;
  }
  if (room === "figures") {
    const figure = FIGURES.find((one) => one.id === id);
    return figure && (({ site }, frame) => FigurePage({ site, figure, ...frame }));
  }
  if (room === "checkpoints") {
    return async (material, frame) => {
      const numbers = material.site.numbers.get(id);
      if (!numbers) return undefined;
      const examples = await material.examples(id);
      return CheckpointPage({ site: material.site, numbers, examples, ...frame });
    };
  }
  if (room === "claims") {
    const claim = claims.find((one) => one.id === id);
    return claim && (({ site }, frame) => ClaimPage({ site, claim, ...frame }));
  }
  return undefined;
}

/** The page of a path, such as "" or "claims/theorem-1"; undefined where there is none. */
export async function render(
  material: Material,
  path: string,
  rendering: Rendering,
): Promise<string | undefined> {
  const { scripts, static: alone = false, policy } = rendering;
  const { site } = material;
  const page = pageOf(path, site);
  const links = linksFrom(path, alone);
  const { pack } = site;
  // What runs in a browser knows the paper's networks alone.
  const frame = {
    links,
    scripts: scripts && !pack,
    server: !alone,
    pack,
    ...(policy && { policy }),
  };
  const made = await page?.(material, frame);
  return made === undefined ? undefined : `${made}`;
}

/** What a server found about a claim, as a page of its own. */
export function renderVerification(claim: Claim, report: Report, pack: boolean): string {
  const links = linksFrom(`claims/${claim.id}/verification`);
  return `${VerificationPage({ claim, report, links, scripts: false, server: true, pack })}`;
}

/** What went wrong at a path, as a page. */
export function renderProblem(path: string, problem: ProblemText): string {
  const { title, detail } = problem;
  return `${ProblemPage({ title, detail, links: linksFrom(path), scripts: false, server: true })}`;
}
