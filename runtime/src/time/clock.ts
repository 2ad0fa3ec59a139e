/** The current time in milliseconds since the Unix epoch; replaceable for tests. */
export type Clock = () => number;
