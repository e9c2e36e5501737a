/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** /checkpoints: every published network with its two counts. */
import { paperAccuracy } from "../../cards/published-numbers.ts";
import { percent } from "../../fraction.ts";
import { type Frame, Layout } from "../layout.tsx";
import type { Site } from "../site.ts";

export function CheckpointsPage({ site, ...frame }: Frame & { site: Site }) {
  const { links } = frame;
  return (
    <Layout
      {...frame}
      here="checkpoints"
      title="Networks"
      about="Every published network, with the exact count of what it gets right."
    >
      <h1>The networks</h1>
      <p>
        Counts against the labels that the network was given on train, and against the true ones on
        test; ≈ is read off the paper's Figure 1c.
      </p>
      <section class="wide" tabindex={0} aria-label="The networks">
        <table>
          <thead>
            <tr>
              <th scope="col">network</th>
              <th scope="col" class="number">
                train
              </th>
              <th scope="col" class="number">
                %
              </th>
              <th scope="col" class="number">
                paper
              </th>
              <th scope="col" class="number">
                test
              </th>
              <th scope="col" class="number">
                %
              </th>
              <th scope="col" class="number">
                paper
              </th>
            </tr>
          </thead>
          <tbody>
            {[...site.numbers].map(([id, { fixture }]) => {
              const { train, test } = fixture.splits;
              const paper = paperAccuracy(id);
              return (
                <tr>
                  <th scope="row">
                    <a href={links.page(`checkpoints/${id}`)}>{id}</a>
                  </th>
                  <td class="number">
                    {train.correct}/{train.total}
                  </td>
                  <td class="number">{percent([train.correct, train.total])}</td>
                  <td class="number dim">{paper.train}</td>
                  <td class="number">
                    {test.correct}/{test.total}
                  </td>
                  <td class="number">{percent([test.correct, test.total])}</td>
                  <td class="number dim">{paper.test}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </Layout>
  );
}
