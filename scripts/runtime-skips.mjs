/**
 * What `npm run test:runtimes` leaves out, and why. A test is named by the end of its name, a file
 * by its path.
 */
const skips = [
  {
    runtimes: ["bun", "deno"],
    file: "runtime/test/http/shared-shape.test.ts",
    because: "looks into V8 by its natives syntax",
  },
  {
    runtimes: ["bun", "deno"],
    file: "runtime/test/stores/shared/plain-cause.test.ts",
    because: "imports the cases of every store, which ask for servers",
  },
  {
    runtimes: ["bun"],
    file: "runtime/test/edge/crypto.test.ts",
    because: "compares with Node's own functions, some of which Bun has otherwise",
  },
  {
    runtimes: ["bun"],
    file: "runtime/test/codec/packed/differential.test.ts",
    because: "Bun's deepStrictEqual takes maps for different in which two keys are alike",
  },
  {
    runtimes: ["bun", "deno"],
    test: "is not over for an answer that is there, when the process gets no processor for long",
    because: "they look at what has come over the network after immediates; Node does before",
  },
  {
    runtimes: ["bun"],
    test: "the response looks answered, and cannot be answered again",
    because: "Bun's responses have no writableEnded of their own while the session is being saved",
  },
  {
    runtimes: ["bun"],
    test: "is refused where it is written",
    because: "Bun's node:http writes what Node's refuses",
  },
  {
    runtimes: ["deno"],
    test: "a status that is none is refused where it is written",
    because: "Deno's node:http refuses it another way",
  },
  {
    runtimes: ["deno"],
    test: "a Cookie header larger than the server takes is refused by it",
    because: "Deno's server takes larger headers than Node's",
  },
];

/** What is left out on a runtime. */
export function skipped(runtime) {
  const here = skips.filter(({ runtimes }) => runtimes.includes(runtime));
  return {
    files: here.flatMap(({ file }) => file ?? []),
    tests: here.flatMap(({ test }) => test ?? []),
    reasons: here.map(({ file, test, because }) => `${file ?? test}: ${because}`),
  };
}
