/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
/** Claims, each with what became of it. */
import type { Claim } from "../../claims/claim.ts";
import type { Links } from "../links.ts";
import { STATUS } from "../names.ts";
import type { Site } from "../site.ts";

interface Properties {
  claims: readonly Claim[];
  site: Site;
  links: Links;
}

export function ClaimList({ claims, site, links }: Properties) {
  return (
    <ul class="claims">
      {claims.map(({ id, statement }) => {
        const { status = "not-evaluated", reason } = site.verdicts.get(id) ?? {};
        return (
          <li data-status={status}>
            <span class={`status ${status}`}>{STATUS[status]}</span>
            <div>
              <a href={links.page(`claims/${id}`)}>{statement}</a>
              {reason && <div class="dim">{reason}</div>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
