import { PassThrough } from "node:stream";

/**
 * Makes what `loadTarget` takes to say nothing.
 * @param env - what the config reads by `env()`
 */
export function quiet(cwd: string, env: Readonly<Record<string, string>> = {}) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const nothing = () => undefined;
  return {
    io: { cwd, env, stdin, stdout, stderr },
    report: { json: false, line: nothing, warn: nothing, data: nothing },
  };
}
