import { containerEngine, isDebianAsRoot } from "./machine.js";
import type { Recipe, Running, Service } from "./service.js";

/**
 * Finds or starts a server: an address in the environment, a program, a container, or Debian's
 * package.
 */
export async function startService(recipe: Recipe): Promise<Service> {
  const { name } = recipe;
  const url = process.env[recipe.variable];
  if (url !== undefined && url !== "") {
    return { name, url, version: await recipe.probe(url), origin: recipe.variable, stop: async () => {} };
  }
  const { origin, running } = await startOwn(recipe);
  return { name, url: running.url, version: running.version, origin, stop: () => running.stop() };
}

/** A server that a test has to itself, to be slowed down, stopped or filled up. */
export async function startOwn(recipe: Recipe): Promise<{ origin: string; running: Running }> {
  if (recipe.available()) return { origin: "on the machine", running: await recipe.start() };
  const engine = containerEngine();
  if (engine !== undefined && recipe.startContainer !== undefined) {
    return { origin: engine, running: await recipe.startContainer(engine) };
  }
  if (!isDebianAsRoot()) {
    throw new Error(`no ${recipe.variable}, no program, no Docker or Podman, and not root on Debian`);
  }
  await recipe.install();
  return { origin: "Debian package", running: await recipe.start() };
}

/** Whether {@link startOwn} can work here at all. */
export function canStart(recipe: Recipe): boolean {
  return recipe.available() || isDebianAsRoot() || containerEngine() !== undefined;
}
