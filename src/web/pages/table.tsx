/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A table; one that may be wider than its screen scrolls by itself, with a keyboard too. */
import type { Child } from "hono/jsx";

/** What stands above a column, and the classes of that cell: "number" where numbers stand below. */
export type Column = [head: Child, kind?: string];

interface Properties {
  /** What it is, for whoever does not see it. */
  name: string;
  id?: string;
  hidden?: boolean;
  caption?: Child;
  columns?: Column[];
  /** Whether each row becomes a list on a telephone, or, where there is room, columns stay where they are while rows arrive. */
  layout?: "stack" | "fixed" | "stack fixed";
  /** Whether it may be wider than its screen, as most: then it is a region, and a keyboard stops there. */
  scrolls?: boolean;
  /** Its bodies. */
  children?: Child;
}

export function Table({
  caption,
  columns,
  layout,
  scrolls = true,
  children,
  ...about
}: Properties) {
  const { name, id, hidden } = about;
  const content = (
    <>
      {caption && <caption>{caption}</caption>}
      {columns && (
        <thead>
          <tr>
            {columns.map(([head, kind]) => (
              <th scope="col" class={kind}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
      )}
      {children}
    </>
  );
  if (!scrolls)
    return (
      <table class={layout} id={id} aria-label={name} hidden={hidden}>
        {content}
      </table>
    );
  return (
    <section class="wide" tabindex={0} id={id} aria-label={name} hidden={hidden}>
      <table class={layout}>{content}</table>
    </section>
  );
}
