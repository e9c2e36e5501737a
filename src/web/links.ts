/**
 * Addresses as a page writes them: relative to itself, so that the same page works at the root of a
 * host, and below any prefix.
 */
export interface Links {
  /** A page of ours by its path from the root, "" for the first one. */
  page(path: string): string;
  /** Anything else by its path from the root: data, an asset, a file that the API has. */
  file(path: string): string;
  /** JSON that the API has at a path; a file of its own where there is no API. */
  json(path: string): string;
}

/** The links of the page of that path, which says where its root is: "../" where it is a folder's index. */
export function linksTo(path: string, root = ""): Links {
  return linksFrom(path, linksFrom(path, true).file("") === root);
}

/**
 * @param path of the page that the links stand on, from the root
 * @param folders whether each page is the index of a folder of its own, as static hosts want it
 */
export function linksFrom(path: string, folders = false): Links {
  const parts = path === "" ? [] : path.split("/");
  const above = folders ? parts.length : Math.max(0, parts.length - 1);
  const root = above === 0 ? "./" : "../".repeat(above);
  return {
    page: (to) => (folders && to !== "" ? `${root}${to}/` : `${root}${to}`),
    file: (to) => `${root}${to}`,
    json: (to) => (folders ? `${root}${to}.json` : `${root}${to}`),
  };
}
