/** Where text goes. */
export interface Output {
  write(text: string): unknown;
  /** Set on a terminal: colours and prompts are for those only. */
  readonly isTTY?: boolean;
}

/** Tells whether this is a build server, as they all say by the variable `CI`. */
export function isCi(env: Io["env"]): boolean {
  return !["", "0", "false"].includes(env["CI"] ?? "");
}

/** The world a command runs in; `bin.ts` hands in the process, tests hand in their own. */
export interface Io {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: Output & NodeJS.WritableStream;
  readonly stderr: Output & NodeJS.WritableStream;
  /** Ends long-running commands (`--watch`); aborted by Ctrl-C. */
  readonly signal?: AbortSignal;
}
