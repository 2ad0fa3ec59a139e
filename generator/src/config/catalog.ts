import type { Backend } from "../backends/backend.js";
import type { Dialect } from "../backends/sql/dialect.js";
import { SessgenError } from "../errors.js";
import type { Framework } from "../frameworks/framework.js";

/**
 * The backends and frameworks that there are. It is handed to whatever needs it: what it is made of
 * cannot import it, and nothing else has to know the name of one of them.
 */
export interface Catalog {
  readonly backends: ReadonlyMap<string, Backend>;
  readonly frameworks: ReadonlyMap<string, Framework>;
}

/** Gives the descriptor of a kind that the config's validation has let through. */
export function backendOf({ backends }: Pick<Catalog, "backends">, kind: string): Backend {
  return found(backends.get(kind), `backend ${kind}`);
}

/** Gives the descriptor of a name that the config's validation has let through. */
export function frameworkOf({ frameworks }: Pick<Catalog, "frameworks">, name: string): Framework {
  return found(frameworks.get(name), `framework ${name}`);
}

/** Gives the dialects of all backends, by name. */
export function dialectsOf({ backends }: Pick<Catalog, "backends">): readonly Dialect[] {
  const dialects = [...backends.values()].flatMap(({ dialect }) => dialect ?? []);
  return [...new Set(dialects)].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function found<Descriptor>(descriptor: Descriptor | undefined, what: string): Descriptor {
  if (descriptor === undefined) throw new SessgenError("internal/bug", `There is no ${what}`);
  return descriptor;
}
