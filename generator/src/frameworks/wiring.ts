/** What decides how a framework's glue is tied to a project. */
export interface WiredProject {
  /** What it depends on. */
  readonly packages: ReadonlySet<string>;
  readonly typescript: boolean;
  /** Says whether there is a file or folder of this name. */
  has(path: string): boolean;
}

/**
 * What `sessgen init` does in one file of a project: it writes the file where there is none, and
 * otherwise says which lines it lacks.
 */
export interface Wiring {
  /** Without the ending, unless it is no module. */
  readonly file: string;
  /** Names of files, without their ending, that would have the lines instead. */
  readonly instead?: readonly string[];
  /** Makes the whole file, as a module; absent: it is for the user to write. */
  readonly text?: (glue: string) => string;
  /** Makes the lines for a file that is there. `glue` is how the emitted file is imported. */
  readonly lines: (glue: string) => string;
  /** The file starts the application. */
  readonly isEntry?: true;
  /** What runs that file, where it is not Node. */
  readonly program?: "bun";
  /**
   * Begins the line of the text that makes the server of Node's, for lines that want a `server`.
   */
  readonly serves?: string;
  /** Of a JSON file that is there: what is added to it where it has nothing of the name. */
  readonly members?: readonly { readonly path: readonly string[]; readonly value: unknown }[];
}

const names = ["server", "index", "app", "main"];

/** Makes the wiring of a file that starts the application, whatever it is called. */
export function entry(wiring: Pick<Wiring, "text" | "lines" | "program" | "serves">): Wiring {
  const file = "src/server";
  const places = ["src/", ""].flatMap((folder) => names.map((name) => folder + name));
  return { ...wiring, file, instead: places.filter((place) => place !== file), isEntry: true };
}

/**
 * Makes the wiring of sockets: a file of their own, and lines for the one that starts the
 * application.
 * @param text - the file
 * @param join - the lines, by which the `server` gets what the file exports
 */
export function sockets(text: (glue: string) => string, exported: string, join: string): readonly Wiring[] {
  return [
    { file: "src/sockets", text, lines: text },
    entry({
      lines: (glue) => `import { ${exported} } from "${glue.replace(/session\/[\w-]+/, "sockets")}";

${join}
`,
    }),
  ];
}
