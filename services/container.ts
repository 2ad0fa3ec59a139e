import { execFileSync } from "node:child_process";
import { freePort } from "./machine.js";
import type { Running } from "./service.js";

/** Runs an image with one port, and waits until what is in it answers. */
export async function startContainer(
  engine: string,
  image: string,
  containerPort: number,
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly command?: readonly string[];
    url(port: number): string;
    probe(url: string): Promise<string>;
  },
): Promise<Running> {
  const port = await freePort();
  const run = (...command: string[]): string => execFileSync(engine, command, { encoding: "utf8" }).trim();
  const env = Object.entries(options.env ?? {}).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const id = run(
    "run",
    "-d",
    "--rm",
    "-p",
    `127.0.0.1:${port}:${containerPort}`,
    ...env,
    image,
    ...(options.command ?? []),
  );
  const stop = async (): Promise<void> => void run("rm", "-f", id);
  const url = options.url(port);
  try {
    return {
      url,
      version: await options.probe(url),
      freeze: () => void run("pause", id),
      thaw: () => void run("unpause", id),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
