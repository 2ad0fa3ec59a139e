import { relative } from "node:path";
import { SessgenError, SessgenErrors } from "../errors.js";
import { backendOf, type Catalog } from "./catalog.js";
import { type LoadedConfig, loadConfig } from "./load.js";
import type { ResolvedConfig } from "./resolved.js";
import type { BackendConfig } from "./values.js";

/**
 * Looks whether several kinds of sessions can live in one application.
 * @throws SessgenErrors `config/kinds-collide`: two have a name, file, cookie or place of storage
 *   in common
 */
export async function refuseCollisions(
  cwd: string,
  files: readonly string[],
  catalog: Catalog,
): Promise<void> {
  const loaded: LoadedConfig[] = [];
  for (const config of files) loaded.push(await loadConfig({ cwd, config }, catalog));
  const errors = loaded.flatMap(({ config: later }, index) =>
    loaded
      .slice(0, index)
      .flatMap(({ config: earlier }) =>
        common(earlier, later, catalog).map(
          ({ path, what }) =>
            new SessgenError(
              "config/kinds-collide",
              `${relative(cwd, earlier.file)} and ${relative(cwd, later.file)} have the same ${what}`,
              { where: { file: later.file, path } },
            ),
        ),
      ),
  );
  if (errors.length > 0) throw new SessgenErrors(errors);
}

interface Collision {
  readonly path: string;
  readonly what: string;
}

function common(one: ResolvedConfig, other: ResolvedConfig, catalog: Catalog): Collision[] {
  const collisions: Collision[] = (["output", "infrastructure", "lock"] as const)
    .filter((path) => one[path] === other[path] && one.root === other.root)
    .map((path) => ({ path, what: `${path}: ${one[path]}` }));
  if (one.name === other.name) collisions.push({ path: "name", what: `name: ${one.name ?? "none"}` });
  if (travelsInCookie(one) && travelsInCookie(other)) {
    const shared = cookieNames(other).find((name) => cookieNames(one).includes(name));
    if (shared !== undefined) collisions.push({ path: "cookie.name", what: `cookie: ${shared}` });
  }
  for (const [environment, backend] of Object.entries(other.backends)) {
    const before = one.backends[environment] ?? one.backends["default"];
    if (before === undefined || backendOf(catalog, backend.kind).outOfReach) continue;
    if (placeOf(before) !== placeOf(backend)) continue;
    collisions.push({ path: `backend.${environment}`, what: `place in ${backend.kind}` });
  }
  return collisions;
}

/** Without prefixes: in development there are none. */
function cookieNames({ cookie, cookies = { default: cookie } }: ResolvedConfig): readonly string[] {
  return Object.values(cookies).map(({ name }) => name.replace(/^__(?:Host|Secure)-/i, ""));
}

function travelsInCookie({ transport }: ResolvedConfig): boolean {
  return transport === undefined || transport.includes("cookie");
}

/**
 * What says where a backend keeps sessions: addresses and names. Numbers and switches only tune it.
 */
function placeOf(backend: BackendConfig): string {
  const place = Object.entries(backend).filter(
    ([option, value]) => option !== "driver" && !["number", "boolean"].includes(typeof value),
  );
  return JSON.stringify(place.sort(([one], [other]) => (one < other ? -1 : 1)));
}
