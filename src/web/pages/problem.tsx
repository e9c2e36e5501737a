/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** What a person reads where a program gets a problem document. */
import { type Frame, Layout } from "../layout.tsx";

export interface ProblemText {
  title: string;
  detail: string;
}

export function ProblemPage({ title, detail, ...frame }: Frame & ProblemText) {
  return (
    <Layout {...frame} here="problem" title={title} about={detail}>
      <h1>{title}</h1>
      <p>{detail}</p>
      <p>
        <a href={frame.links.page("")}>To the results</a>
      </p>
    </Layout>
  );
}
