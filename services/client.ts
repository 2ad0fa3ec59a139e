import { inject } from "vitest";

/**
 * The address of a server that all test files share, started at the first call; empty when there is
 * none, which the table at the end of `npm test` reports.
 *
 * @param name - as in services/index.ts
 */
export async function serviceUrl(name: string): Promise<string> {
  const response = await fetch(`${inject("services")}${name}`);
  const { url = "" } = (await response.json()) as { url?: string };
  return url;
}
