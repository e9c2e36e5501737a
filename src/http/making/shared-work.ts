/** Work under way is shared by all who ask for it meanwhile. */

/** Does the work of a key, or joins the one that does; what is done or failed is not kept. */
export type SharedWork<T> = (key: string, work: () => Promise<T>) => Promise<T>;

/** The work must heed no one's signal: whoever asked first may leave, and the others still wait. */
export function sharedWork<T>(): SharedWork<T> {
  const pending = new Map<string, Promise<T>>();
  return (key, work) => {
    const begun = pending.get(key) ?? work().finally(() => pending.delete(key));
    pending.set(key, begun);
    return begun;
  };
}
