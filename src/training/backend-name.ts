/** What can train; a file of its own so that the command line can name them without loading tfjs. */
export const BACKENDS = ["tensorflow", "webgpu", "cpu"] as const;
export type BackendName = (typeof BACKENDS)[number];
