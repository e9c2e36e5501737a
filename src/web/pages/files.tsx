/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** The files of a checkpoint with their digests, and the lines that fetch and check them. */
import type { Numbers } from "../../cards/published-numbers.ts";
import type { Frame } from "../layout.tsx";
import { type Column, Table } from "./table.tsx";

/** What of a checkpoint is saved as, after its id: by its name alone an audit could not tell whose it is. */
const SAVED = {
  "model.onnx": "onnx",
  "checkpoint.json": "checkpoint.json",
  "history.json": "history.json",
  "fixture.json": "json",
  "predictions/train": "train.bin",
  "predictions/test": "test.bin",
  "labels/train": "train.labels.bin",
};

type Row = [file: keyof typeof SAVED, about: string, sha256: string];

function rowsOf({ checkpoint, fixture }: Numbers): Row[] {
  const { model, history, recipe } = checkpoint;
  const made: Row[] =
    recipe.kind === "given"
      ? []
      : [
          ["checkpoint.json", "how it was made", ""],
          ["history.json", "how training went", history.sha256],
        ];
  return [
    ["model.onnx", `the network, ${model.bytes.toLocaleString("en")} bytes`, model.sha256],
    ...made,
    ["fixture.json", "what it must give", ""],
    [
      "predictions/train",
      "a byte for each training image",
      fixture.splits.train.predictions.sha256,
    ],
    ["predictions/test", "a byte for each test image", fixture.splits.test.predictions.sha256],
    ["labels/train", "the labels that it was given, a byte each", ""],
  ];
}

const COLUMNS: Column[] = [["file"], ["what it is"], ["SHA-256"]];

export function FilesPart({
  numbers,
  links,
  server,
}: Pick<Frame, "links" | "server"> & { numbers: Numbers }) {
  const { id } = numbers.checkpoint;
  const at = `v1/checkpoints/${id}`;
  return (
    <>
      <h2>Its files</h2>
      <Table name="Files" layout="stack" columns={COLUMNS}>
        <tbody>
          {rowsOf(numbers).map(([file, about, sha256]) => (
            <tr>
              <th scope="row">
                <a href={links.file(`${at}/${file}`)} download={`${id}.${SAVED[file]}`}>
                  {file}
                </a>
              </th>
              <td>{about}</td>
              <td>{sha256 && <code>{sha256}</code>}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      {server && (
        <pre data-curl>
          <code>{`curl -OJ http://localhost:8000/${at}/archive.zip
curl 'http://localhost:8000/${at}/evaluations/test?start=0&end=1000&runtime=wasm'`}</code>
        </pre>
      )}
    </>
  );
}
