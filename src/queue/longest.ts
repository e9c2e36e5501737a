/** Characters of what a worker says of itself; a longer answer is none. */
export const LONGEST = 200;
