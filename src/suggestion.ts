/** What somebody may have meant by a name that there is not. */
import { closest, distance } from "fastest-levenshtein";

/** "; did you mean X?", where a name is near: at most a third of its letters are others. */
export function suggestion(name: string, names: string[]): string {
  if (names.length === 0 || name.length > 100) return "";
  const nearest = closest(name, names);
  const letters = Math.max(name.length, nearest.length);
  return distance(name, nearest) * 3 <= letters ? `; did you mean ${nearest}?` : "";
}
