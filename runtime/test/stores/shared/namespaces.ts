import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

const unshare = ["unshare", "--pid", "--fork", "--mount-proc"] as const;

/** Why no process can be started in a PID namespace of its own here; `undefined` where one can. */
export const noNamespaces: string | undefined =
  spawnSync(unshare[0], [...unshare.slice(1), "true"]).status === 0
    ? undefined
    : "unshare(1) may not make PID namespaces here";

/** Others come first, so that the number of each is one that nobody has in the namespaces of those before. */
const shell = 'i=0; while [ $i -lt "$0" ]; do /bin/true; i=$((i + 1)); done; "$@"; exit $?';
let others = 0;

/** Runs a script of TypeScript in a PID namespace of its own, as in a container. @returns its exit code */
export async function inOwnNamespace(script: string, ...args: readonly string[]): Promise<unknown> {
  others += 20;
  const node = [process.execPath, "--import", "tsx", script, ...args];
  const words = [...unshare.slice(1), "sh", "-c", shell, String(others), ...node];
  const [code] = await once(spawn(unshare[0], words, { stdio: ["ignore", "ignore", "inherit"] }), "exit");
  return code;
}
