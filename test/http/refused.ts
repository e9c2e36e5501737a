/** Requests that are refused, and the problem that answers each. */

type Refused = [path: string, status: number, type: string, detail: RegExp];

/**
 * @param at the path of a checkpoint
 * @param sha256 of its model file
 */
export function refused(at: string, sha256: string): Refused[] {
  return [
    ["/nope", 404, "not-found", /\/docs/],
    ["/v1/claims/theorem-2", 404, "unknown-id", /did you mean theorem-1\?/],
    ["/v1/checkpoints/theorem1.random-label", 404, "unknown-id", /did you mean theorem1\.random/],
    [
      "/v1/checkpoints/..%2f..%2fetc%2fpasswd/model.onnx",
      404,
      "unknown-id",
      /called \.\.\/\.\.\/etc/,
    ],
    [
      "/v1/checkpoints/%00/model.onnx",
      404,
      "unknown-id",
      /^no published checkpoint is called [^;]*$/,
    ],
    ["/v1/checkpoints/__proto__", 404, "unknown-id", /^no published checkpoint is called [^;]*$/],
    [
      "/v1/checkpoints/alexnet.nothing/evaluations/test",
      404,
      "unknown-id",
      /^no published checkpoint is called [^;]*$/,
    ],
    [`${at}/model.onnx?sha256=12`, 400, "bad-parameter", /^sha256: /],
    [`${at}/model.onnx?sha256=${"0".repeat(64)}`, 404, "other-digest", new RegExp(sha256)],
    [`${at}/archive.zip?sha256=${"0".repeat(64)}`, 404, "other-digest", new RegExp(sha256)],
    [`${at}/archive.zip?sha=1`, 400, "bad-parameter", /^sha: there is no such parameter/],
    ["/v1/claims?page=2", 400, "bad-parameter", /^page: there is no such parameter/],
    [`${at}/evaluations/validation`, 400, "bad-parameter", /train or test/],
    [`${at}/evaluations/test?start=1e999`, 400, "bad-parameter", /^start: .*decimal digits/],
    [`${at}/evaluations/test?start=-1`, 400, "bad-parameter", /^start: /],
    [`${at}/evaluations/test?start=0.5`, 400, "bad-parameter", /^start: /],
    [`${at}/evaluations/test?end=99999999999999999999`, 400, "bad-parameter", /^end: /],
    [`${at}/evaluations/test?end=10001`, 400, "bad-parameter", /0 to 10001 is not .* 0 to 10000/],
    [`${at}/evaluations/test?start=7&end=7`, 400, "bad-parameter", /7 to 7 is not a range/],
    [`${at}/evaluations/test?start=1&start=2`, 400, "bad-parameter", /^start: .*more than once/],
    [`${at}/evaluations/test?runtime=cuda`, 400, "bad-parameter", /native or wasm/],
    [`${at}/evaluations/test?begin=5`, 400, "bad-parameter", /^begin: there is no such/],
    ["/v1/claims/theorem-1/verification?shards=0", 400, "bad-parameter", /1 or more/],
    ["/v1/claims/theorem-1/verification?shards=61", 400, "bad-parameter", /60 or less/],
    ["/v1/claims/theorem-1/verification?seed=x", 400, "bad-parameter", /^seed: /],
    ["/v1/claims/theorem-1/verification?full=yes", 400, "bad-parameter", /true or false/],
  ];
}
