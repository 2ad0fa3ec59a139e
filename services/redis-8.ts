import { startContainer } from "./container.js";
import { debianTesting, hasDebianTesting, inDebianTesting } from "./debian-testing.js";
import { freePort, isDebianAsRoot, startProgram } from "./machine.js";
import { inMemory, probe, ready } from "./redis.js";
import type { Recipe, Running } from "./service.js";

const PACKAGE = "redis-server";

/** Redis 8, of Debian testing or a container: what is on the PATH may be older. */
export const redis8: Recipe = {
  name: "redis-8",
  variable: "REDIS_8_URL",
  probe,
  available: () => isDebianAsRoot() && hasDebianTesting(PACKAGE),
  start,
  startContainer: (engine) =>
    startContainer(engine, "docker.io/library/redis:8-alpine", 6379, {
      command: ["redis-server", ...inMemory],
      url: (port) => `redis://127.0.0.1:${port}`,
      probe,
    }),
  install: async () => void (await debianTesting(PACKAGE)),
};

async function start(): Promise<Running> {
  const port = await freePort();
  const options = (folder: string): readonly string[] => [
    ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder],
    ...inMemory,
  ];
  const { program } = inDebianTesting("redis-server", []);
  const server = startProgram(program, (folder) => inDebianTesting("redis-server", options(folder)).args);
  const url = `redis://127.0.0.1:${port}`;
  return ready({ ...server, url }, server, () => probe(url));
}
