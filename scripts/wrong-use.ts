/** Whether an error is node:util's parseArgs refusing what it was given. */
export function isWrongUse(error: unknown): error is Error {
  return error instanceof Error && /^ERR_PARSE_ARGS/.test((error as { code?: string }).code ?? "");
}
