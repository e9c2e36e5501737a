/**
 * The one place that prints. What is printed may come from a server, a file or a signature:
 * a control character in it would move the cursor, rename the window or hide what came before.
 */

/** Controls, invisible and direction-changing characters, separators of lines, halves of pairs. */
const HIDDEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

function escaped(character: string): string {
  return character
    .split("") // two halves where it is a pair, as JSON writes it
    .map((half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}

/** Text with such characters written as in JSON; of JSON text it is the same JSON. */
export function visible(text: string): string {
  return text.replace(HIDDEN, escaped);
}

/** Text in one line, at most `most` characters of it. */
export function oneLine(text: string, most = 300): string {
  const line = visible(text).replace(/[\n\t]/g, escaped);
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

/** A line, or some, on standard output. */
export function print(text: string): void {
  console.log(visible(text));
}

/** A line, or some, on standard error. */
export function printError(text: string): void {
  console.error(visible(text));
}
