/** What decides how a framework's glue is tied to a project. */
export interface WiredProject {
  /** What it depends on. */
  readonly packages: ReadonlySet<string>;
  readonly typescript: boolean;
  /** Says whether there is a file or folder of this name. */
  has(path: string): boolean;
  /** Gives the text of a file; nothing where there is none. */
  read(path: string): string | undefined;
  /** Gives the first number of the version that package.json asks for, where it names one. */
  majorOf(name: string): number | undefined;
}

/** How lines come into a file that is there: only into what the framework's starter made. */
export interface StarterEdit {
  /** What is added, for the list of what `init` did. */
  readonly adds: string;
  /**
   * Makes the text with the lines in it, or gives the same where it has them; nothing for a file
   * that somebody changed where they go.
   */
  readonly edit: (text: string, glue: string) => string | undefined;
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
  /** Puts the lines into what the framework's starter made. */
  readonly starter?: StarterEdit;
  /** Of a JSON file that is there: what is added to it where it has nothing of the name. */
  readonly members?: readonly { readonly path: readonly string[]; readonly value: unknown }[];
}

const names = ["server", "index", "app", "main"];

/** Replaces parts of a text, each of which must be there once: otherwise it gives nothing. */
export function replaceOnce(
  text: string,
  parts: readonly (readonly [before: string, after: string])[],
): string | undefined {
  let edited = text;
  for (const [before, after] of parts) {
    const [start, end, ...more] = edited.split(before);
    if (start === undefined || end === undefined || more.length > 0) return undefined;
    edited = start + after + end;
  }
  return edited;
}

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
