/** Every page as HTML text, by its path: what the server answers with and the export writes. */
import type { Claim } from "../claims/claim.ts";
import { FIGURES } from "./figures/figures.ts";
import type { Frame } from "./layout.tsx";
import { AuditPage } from "./pages/audit.tsx";
import type { Examples } from "./examples.ts";
import { CheckpointPage } from "./pages/checkpoint.tsx";
import { CheckpointsPage } from "./pages/checkpoints.tsx";
import { ClaimPage } from "./pages/claim.tsx";
import { ClaimsPage, type Wanted } from "./pages/claims.tsx";
import { FigurePage, FiguresPage } from "./pages/figures.tsx";
import { Home } from "./pages/home.tsx";
import type { Report } from "../verification/verify-claims.ts";
import { ProblemPage, type ProblemText } from "./pages/problem.tsx";
import { VerificationPage } from "./pages/verification.tsx";
import type { Site } from "./site.ts";

/** What pages are made of. */
export interface Material {
  site: Site;
  /** Images with what they are and what a net says; undefined where the dataset cannot be read. */
  examples(id: string): Promise<Examples | undefined>;
}

type Page = (material: Material, frame: Frame, wanted: Wanted) => unknown;

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
      claims: ({ site }, frame, wanted) => ClaimsPage({ site, wanted, ...frame }),
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

/**
 * The page of a path, such as "" or "claims/theorem-1"; undefined where there is none.
 * @param wanted which claims a list of them is to show
 */
export async function render(
  material: Material,
  path: string,
  frame: Frame,
  wanted: Wanted = {},
): Promise<string | undefined> {
  const made = await pageOf(path, material.site)?.(material, frame, wanted);
  return made === undefined ? undefined : `${made}`;
}

/** What a server found about a claim, as a page of its own. */
export function renderVerification(claim: Claim, report: Report, frame: Frame): string {
  return `${VerificationPage({ claim, report, ...frame })}`;
}

/** What went wrong, as a page. */
export function renderProblem({ title, detail }: ProblemText, frame: Frame): string {
  return `${ProblemPage({ title, detail, ...frame })}`;
}
