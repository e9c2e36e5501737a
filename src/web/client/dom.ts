/** The few things that the client does with the page. */

/** The address that the pages' paths are relative to. */
export function rootAddress(): string {
  return new URL(document.documentElement.dataset.root ?? "./", location.href).href;
}

/** @throws Error where the page has no such element: its markup and its code are of one make. */
export function find<T extends Element>(selector: string, within: ParentNode = document): T {
  const found = within.querySelector<T>(selector);
  if (found) return found;
  throw new Error(`the page has no ${selector}`);
}

/** Whether a button answers. It is not disabled where it does not: a keyboard's user would lose her place. */
export function allow(button: HTMLButtonElement, yes: boolean): void {
  button.setAttribute("aria-disabled", `${!yes}`);
}

/** Offers text as a file to keep. */
export function save(name: string, text: string, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
