import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { SessgenError } from "../errors.js";
import { git } from "../lock/git.js";
import type { Lock } from "../lock/lock.js";
import { readIfPresent } from "../output/compare.js";
import { compareLogs } from "./logs.js";
import { readState, type State } from "./state.js";

/** So many digits name a commit. */
const SHORT = 12;

/** Whose earlier state is looked for. */
export interface Sought {
  /** The folder that paths on the command line are relative to. */
  readonly cwd: string;
  /** The folder of the config. */
  readonly root: string;
  /** The lock file, relative to it. */
  readonly lock: string;
  /** The lock as it is now: by its application it is found under another path, too. */
  readonly current: Lock;
}

/**
 * Reads an earlier state: what git knows by that name (a branch, a tag, a commit, `REF:PATH`), a
 * folder, or a lock file. Where git knows the name, it is git's; `./main` is a folder.
 *
 * @throws SessgenError `changes/unknown-state`, `changes/no-lock`, `changes/no-snapshot`,
 *   `lock/unreadable`
 */
export async function readAgainst(name: string, sought: Sought): Promise<State> {
  const kind = await kindInGit(name, sought.root);
  if (kind === "blob") return readState(await shown(name, sought.root), name);
  if (kind !== undefined) return fromCommit(name, sought);
  const path = resolve(sought.cwd, name);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return fromFolder(path, name, sought);
  if (found !== undefined) return readState(await readFile(path, "utf8"), name);
  throw new SessgenError("changes/unknown-state", `There is no commit, folder or file ${name}`);
}

/**
 * Reads the state that was committed last; `undefined` where there is none, or git cannot tell.
 * @throws SessgenError `lock/unreadable`, …
 */
export async function readCommitted(sought: Sought): Promise<State | undefined> {
  const run = await git(sought.root, "show", `HEAD:./${sought.lock}`);
  return run.code === 0 ? readState(run.out, `HEAD:${sought.lock}`) : undefined;
}

/**
 * Reads the state at the commit where the branch of the project and that of an earlier state
 * parted, if the earlier state has slots that the project lacks. `undefined`: it has none, its
 * commit is one that the project came from (the project went back, then), or git cannot tell.
 */
export async function readParted(name: string, named: State, sought: Sought): Promise<State | undefined> {
  const { root, current } = sought;
  if (compareLogs(named.lock, current).missing.length === 0) return undefined;
  if ((await kindInGit(name, root)) === undefined) return undefined;
  const commit = name.replace(/:.*$/s, "");
  const [base, own] = await Promise.all([
    git(root, "merge-base", commit, "HEAD"),
    git(root, "rev-parse", "--verify", "--quiet", `${commit}^{commit}`),
  ]);
  const parted = base.out.trim();
  if (base.code !== 0 || own.code !== 0 || parted === own.out.trim()) return undefined;
  try {
    const state = await fromCommit(parted.slice(0, SHORT), sought);
    return compareLogs(state.lock, current).missing.length === 0 ? state : undefined;
  } catch {
    // There was no lock yet, or none that can be read: the named one is what there is.
    return undefined;
  }
}

/** What git has by that name; `undefined` where it has nothing, or there is no git. */
async function kindInGit(name: string, root: string): Promise<"blob" | "tree" | undefined> {
  // No name of git's begins like that, and an option must not come in this way.
  if (name.startsWith("-") || name === "") return undefined;
  const { code, out } = await git(root, "cat-file", "-t", name);
  if (code !== 0) return undefined;
  return out.trim() === "blob" ? "blob" : "tree";
}

async function shown(name: string, root: string): Promise<string> {
  const { code, out } = await git(root, "show", name);
  if (code === 0) return out;
  throw new SessgenError("changes/unknown-state", `git cannot show ${name}`);
}

async function fromCommit(name: string, { root, lock, current }: Sought): Promise<State> {
  const path = `${name}:./${lock}`;
  const same = await git(root, "show", path);
  if (same.code === 0) return readState(same.out, `${name}:${lock}`);
  const options = ["-lF", "--full-name", "-e", current.application];
  // Lines of `REF:PATH`, the path from the top of the repository.
  const { out } = await git(root, "grep", ...options, name, "--", ":(top)*.json");
  const states = await Promise.all(
    out
      .split("\n")
      .filter((line) => line !== "")
      .map(async (line) => stateIn(await shown(line, root), line, current)),
  );
  return only(states, name, lock);
}

async function fromFolder(folder: string, name: string, { root, lock, current }: Sought): Promise<State> {
  const { code, out } = await git(root, "rev-parse", "--show-prefix");
  const places = [join(folder, lock), ...(code === 0 ? [join(folder, out.trim(), lock)] : [])];
  for (const place of places) {
    const text = await readIfPresent(place);
    if (text !== undefined) return readState(text, join(name, relative(folder, place)));
  }
  const files = (await readdir(folder, { recursive: true })).filter(
    (file) => basename(file).endsWith(".json") && !/(?:^|[\\/])(?:node_modules|\.git)[\\/]/.test(file),
  );
  const states = await Promise.all(
    files.map(async (file) => {
      const text = (await readIfPresent(join(folder, file))) ?? "";
      return text.includes(current.application) ? stateIn(text, join(name, file), current) : undefined;
    }),
  );
  return only(states, name, lock);
}

/** The state, if the text is the lock of this application and kind of sessions. */
function stateIn(text: string, name: string, current: Lock): State | undefined {
  try {
    const state = readState(text, name);
    const isOwn =
      state.lock.application === current.application && state.snapshot.name === current.snapshot?.["name"];
    return isOwn ? state : undefined;
  } catch {
    // Something else that has the application's id in it, such as a copy of the manifest.
    return undefined;
  }
}

function only(states: readonly (State | undefined)[], name: string, lock: string): State {
  const found = states.filter((state) => state !== undefined);
  const [state, other] = found;
  if (state !== undefined && other === undefined) return state;
  const summary =
    state === undefined
      ? `${name} has no ${lock}, nor another lock of this application`
      : `${name} has no ${lock}, and several other locks of this application: ${found.map((one) => one.name).join(", ")}`;
  throw new SessgenError("changes/no-lock", summary);
}
