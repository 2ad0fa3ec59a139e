import { writeFileSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { redisProgram, startRedis } from "./redis.js";
import type { Service } from "./service.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The address of a Redis server; empty when there is none. */
    redis: string;
  }
}

const starters: Readonly<Record<"redis", () => Promise<Service>>> = { redis: startRedis };

/** Starts every server before the tests and stops it afterwards; a report goes to SESSGEN_SERVICES_REPORT. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running: Service[] = [];
  const report: object[] = [];
  for (const [name, start] of Object.entries(starters)) {
    try {
      const service = await start();
      running.push(service);
      report.push({ name, version: service.version, origin: service.origin });
      project.provide(name as "redis", service.url);
    } catch (error) {
      report.push({
        name,
        unavailable: error instanceof Error ? error.message.split("\n", 1)[0] : String(error),
      });
      project.provide(name as "redis", "");
    }
  }
  // An address alone cannot be made slow, read-only or full.
  if (redisProgram() === undefined) {
    const unavailable = "no redis-server on the PATH, no Docker or Podman: only the given one was tested";
    report.push({ name: "redis that fails", unavailable });
  }
  const file = process.env["SESSGEN_SERVICES_REPORT"];
  if (file !== undefined) writeFileSync(file, JSON.stringify(report));
  return async () => {
    for (const service of running) await service.stop();
  };
}
