import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestProject } from "vitest/node";
import { recipes } from "./index.js";
import type { Service } from "./service.js";
import { canStart, startService } from "./start.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Where tests ask for servers; see client.ts. */
    services: string;
  }
}

/**
 * Starts each server when the first test file asks for it, and stops all after the tests; a report
 * goes to SESSGEN_SERVICES_REPORT. Test files run in processes of their own, so they ask over HTTP.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // A process that is told to end does not say so to "exit" listeners unless it ends by itself.
  process.setMaxListeners(50);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
  const asked = new Map<string, Promise<Service | { readonly unavailable: string }>>();
  const start = async (name: string): Promise<Service | { readonly unavailable: string }> => {
    try {
      const recipe = recipes.find((candidate) => candidate.name === name);
      if (recipe === undefined) throw new Error(`services/index.ts has no ${name}`);
      return await startService(recipe);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { unavailable: message.split("\n", 1)[0] ?? "" };
    }
  };
  const server = createServer(async (request, response) => {
    const name = (request.url ?? "").slice(1);
    const service = asked.get(name) ?? start(name);
    asked.set(name, service);
    // Who asks again after seconds would take a connection that is just being closed.
    response.setHeader("Connection", "close");
    // Some servers are built first. Who asks gives up after minutes without a byte, and JSON begins
    // with any number of spaces.
    const waiting = setInterval(() => response.write(" "), 10_000);
    const { stop: _, ...answer } = { stop: undefined, ...(await service) };
    clearInterval(waiting);
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  project.provide("services", `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return async () => {
    server.close();
    const report: object[] = [];
    for (const [name, starting] of asked) {
      const service = await starting;
      if ("unavailable" in service) {
        report.push({ name, unavailable: service.unavailable });
        continue;
      }
      report.push({ name, version: service.version, origin: service.origin });
      const recipe = recipes.find((candidate) => candidate.name === name);
      // An address alone cannot be made slow, read-only or full.
      if (recipe !== undefined && !canStart(recipe))
        report.push({
          name: `${name} that fails`,
          unavailable: "nothing to start one with: only the given one was tested",
        });
      await service.stop();
    }
    const file = process.env["SESSGEN_SERVICES_REPORT"];
    if (file !== undefined) writeFileSync(file, JSON.stringify(report));
  };
}
