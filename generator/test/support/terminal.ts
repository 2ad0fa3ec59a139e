import { PassThrough } from "node:stream";
import { vi } from "vitest";
import { main } from "../../src/cli/program.js";

/** Runs a command as on a terminal; answers when it asks. */
export async function onTerminal(cwd: string, answer: string, argv: readonly string[]) {
  const terminal = (): PassThrough & { isTTY: true } =>
    Object.assign(new PassThrough(), { isTTY: true as const, setRawMode: () => {}, columns: 80, rows: 24 });
  const [stdin, stdout] = [terminal(), terminal()];
  let out = "";
  stdout.on("data", (data) => {
    out += String(data);
  });
  const run = main(argv, { cwd, env: {}, stdin, stdout, stderr: new PassThrough() });
  const asked = await Promise.race([
    vi.waitUntil(() => out.includes("?"), { timeout: 120_000 }).then(() => true),
    run.then(() => false),
  ]);
  if (asked) stdin.write(answer);
  return { code: await run, out, asked };
}
