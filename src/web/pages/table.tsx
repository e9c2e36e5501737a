/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** A table that scrolls by itself, with a keyboard too, where the screen is narrower. */
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
  /** Its bodies. */
  children?: Child;
}

export function Table({ name, id, hidden, caption, columns, layout, children }: Properties) {
  return (
    <section class="wide" tabindex={0} id={id} aria-label={name} hidden={hidden}>
      <table class={layout}>
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
      </table>
    </section>
  );
}
