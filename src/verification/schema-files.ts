/** The JSON Schemas of what runs write, as the files that the repository publishes. */
import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { ExpectationSchema } from "./expectation.ts";
import { RunRecordSchema } from "./record.ts";

const SCHEMAS: Record<string, v.GenericSchema> = {
  "fixtures/schemas/verification.json": RunRecordSchema,
  "fixtures/schemas/expectation.json": ExpectationSchema,
};

/** Path in the project → text. */
export function schemaFiles(): Record<string, string> {
  const files = Object.entries(SCHEMAS).map(([path, schema]) => {
    const json = toJsonSchema(schema, { target: "draft-2020-12", ignoreActions: ["metadata"] });
    return [path, `${JSON.stringify(json, null, 2)}\n`];
  });
  return Object.fromEntries(files);
}
