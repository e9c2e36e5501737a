/** `site DIR`: the pages as static files, with all that they need to be audited from. */
import { resolve } from "node:path";
import { readNumbers } from "../cards/published-numbers.ts";
import { ASSETS, bundled } from "../local/bundle.ts";
import { openDataset } from "../local/dataset.ts";
import { project } from "../local/project.ts";
import { publishInto } from "../local/publish.ts";
import { datasetFiles } from "../local/published-files.ts";
import { print } from "../print.ts";
import { type ExportFile, siteFiles } from "../web/export.ts";
import { siteOf } from "../web/site.ts";

export interface SiteOptions {
  /** Whether the dataset's blocks are written, too; without them an auditor gives the files. */
  dataset: boolean;
}

/** The pages and what they show, one file after the other. */
export async function* pageFiles(options: SiteOptions): AsyncGenerator<ExportFile> {
  yield* siteFiles({
    site: siteOf(await readNumbers(project)),
    project,
    dataset: await openDataset(),
    noBlocks: !options.dataset,
    assets: { names: ASSETS, read: bundled },
  });
}

async function* wanted(options: SiteOptions): AsyncGenerator<ExportFile> {
  yield* pageFiles(options);
  if (!options.dataset) return;
  const numbers = await readNumbers(project);
  yield* datasetFiles(numbers.map(({ fixture }) => fixture.view.dataset));
}

export async function site(folder: string, options: SiteOptions): Promise<void> {
  const { files, bytes, written, removed } = await publishInto(resolve(folder), wanted(options));
  const gone = removed > 0 ? `, ${removed} removed` : "";
  print(
    `${folder}: ${files} files, ${Math.round(bytes / 1e6)} MB; ${written} written${gone}; any host of static files serves it, under any path`,
  );
}
