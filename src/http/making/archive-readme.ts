/** The README of an archive: what is in it, and the two commands that recount and decide. */
import type { Claim } from "../../claims/claim.ts";
import { bearingOn } from "../../claims/seeds.ts";
import { type DatasetName, datasetOf } from "../../datasets/datasets.ts";
import type { Fixture } from "../../evaluation/fixture.ts";
import type { Service } from "../service.ts";

/** What every archive has of the repository beside models and counts, where it is there. */
export const PAPERS = [
  "scripts/audit.py",
  "scripts/decide.py",
  "fixtures/README.md",
  "fixtures/claims.json",
  "fixtures/paper.json",
  "fixtures/gaussian-thresholds.json",
  "fixtures/test-labels.json",
  "LICENSE",
  "TERMS.md",
  "CITATION.cff",
];

const SCRIPTS = PAPERS.slice(0, 2);

/** Whether the archive can have the scripts that its README names. */
export async function hasScripts({ project }: Service): Promise<boolean> {
  return (await Promise.all(SCRIPTS.map((path) => project.exists(path)))).every(Boolean);
}

/** Those of all claims that these checkpoints decide and no other that is published bears on. */
export function decidedBy(ids: string[], published: string[], all: readonly Claim[]): Claim[] {
  return all.filter((claim) => {
    const needed = bearingOn(claim, (id) => published.includes(id));
    return needed.length > 0 && needed.every((id) => ids.includes(id));
  });
}

function checkpointText({ checkpoint, sha256, splits, gap }: Fixture): string {
  const { train, test } = splits;
  return `- ${checkpoint}: train ${train.correct}/${train.total} on the labels that it was trained on, test ${test.correct}/${test.total}
  gap ${gap.numerator}/${gap.denominator} = ${gap.decimal}
  model.onnx has SHA-256 ${sha256}`;
}

/** What stands for the folder with a dataset's official files. */
const folderOf = (name: DatasetName) => `${name.toUpperCase()}_FOLDER`;

/** The recount of the checkpoints of a dataset, one or several in a row. */
function recount(ids: string[], dataset: DatasetName): string {
  const of = (id: string) =>
    `python3 scripts/audit.py models/${id}/model.onnx fixtures/${id}.json ${folderOf(dataset)}`;
  const [only, ...more] = ids;
  if (more.length === 0) return of(only ?? "");
  return `for id in ${ids.join(" ")}; do ${of("$id")}; done`;
}

const WHERE: Record<DatasetName, string> = {
  cifar10: "binary files, those of https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz,",
  mnist: "idx files, unpacked,",
};

/** Which official files a folder must hold. */
function filesText(name: DatasetName): string {
  const files = datasetOf(name).files.map(
    ({ path, sha256 }) => `    ${sha256}  ${path.slice(path.lastIndexOf("/") + 1)}`,
  );
  return `${folderOf(name)} holds the official ${WHERE[name]}
with these SHA-256:

${files.join("\n")}
`;
}

function how(fixtures: Fixture[], claims: Claim[], all: readonly Claim[]): string {
  const ids = fixtures.map(({ checkpoint }) => checkpoint);
  const datasets = [...new Set(fixtures.map(({ view }) => view.dataset))];
  const recounts = datasets.map((name) =>
    recount(
      fixtures.filter(({ view }) => view.dataset === name).map(({ checkpoint }) => checkpoint),
      name,
    ),
  );
  const decide = ["python3 scripts/decide.py", ...claims.map(({ id }) => `--claim ${id}`)].join(
    " ",
  );
  const nothing = `No claim rests on this checkpoint alone; the archive of each that it bears on has the others:
${all
  .filter((claim) => bearingOn(claim, (id) => ids.includes(id)).some((id) => ids.includes(id)))
  .map(({ id }) => `    /v1/claims/${id}/archive.zip`)
  .join("\n")}
`;
  return `
To recount and decide with none of Rethink's code, with Python's numpy and onnxruntime:

${recounts.map((line) => `    ${line}\n`).join("")}${claims.length > 0 ? `    ${decide}\n` : `\n${nothing}`}
\`--first 1000\` recounts a thousand examples of each split alone.

${datasets.map(filesText).join("\n")}`;
}

/**
 * @param claims what the archive decides
 * @param scripts whether it has the scripts that do
 * @param all every claim that there is
 */
export function archiveReadme(
  title: string,
  statement: string,
  fixtures: Fixture[],
  claims: Claim[],
  { scripts, all }: { scripts: boolean; all: readonly Claim[] },
): string {
  return `# ${title}

${statement}

${fixtures.map(checkpointText).join("\n")}

A recipe is in models/<id>/checkpoint.json, the training in history.json beside it, every count in
fixtures/<id>.json, and each predicted class, one byte an example, in fixtures/predictions.
fixtures/README.md says how labels, digests and verdicts are made, fixtures/claims.json what is
claimed and what decides it, fixtures/paper.json what the paper reports, TERMS.md what may be done with it.
${scripts ? how(fixtures, claims, all) : ""}`;
}
