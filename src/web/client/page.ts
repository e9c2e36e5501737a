/** What every page does first: little, so that it is there at once. The rest is fetched when it is wanted. */
import { allow, find, rootAddress } from "./dom.ts";

const root = rootAddress();

/** A module of the client, loaded the first time that it is needed. */
function module<T>(name: string): Promise<T> {
  return import(new URL(`assets/${name}.js`, root).href);
}

/** A button that is not allowed answers no click. */
document.addEventListener(
  "click",
  (event) => {
    if (!(event.target as Element).closest("[aria-disabled=true]")) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);

/** Figures answer once someone points at them or uses their controls. */
for (const figure of document.querySelectorAll<HTMLElement>("figure[data-figure]")) {
  let asleep = true;
  const wake = (event: Event) => {
    if (!asleep) return;
    asleep = false;
    module<{ enhance(figure: HTMLElement, root: string): Promise<void> }>("figure")
      .then(({ enhance }) => enhance(figure, root))
      .catch((error) => {
        asleep = true; // the next touch tries again
        console.error(event.type, error);
      });
  };
  for (const type of ["pointerenter", "focusin", "change"]) figure.addEventListener(type, wake);
  for (const input of figure.querySelectorAll("input")) input.disabled = false;
}

/** A claim is verified on the server without leaving the page. */
const checks = document.querySelector<HTMLElement>("#checks[data-claim]");
checks?.querySelector("form")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = find<HTMLButtonElement>("form button", checks);
  allow(button, false);
  module<{ verifyOnServer(checks: HTMLElement, root: string): Promise<void> }>("verification")
    .then(({ verifyOnServer }) => verifyOnServer(checks, root))
    .catch((error) => {
      checks.querySelector("#verification")?.append(`It failed: ${error.message}`);
    })
    .finally(() => {
      allow(button, true);
    });
});

/** Lines for a terminal name this server. */
for (const line of document.querySelectorAll("[data-curl] code")) {
  line.textContent = (line.textContent ?? "").replaceAll("http://localhost:8000/", root);
}
