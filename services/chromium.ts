import { eventually, freePort, has, installPackages, startProgram } from "./machine.js";
import type { Recipe, Running } from "./service.js";

/** What it is called on Debian and Alpine, in Google's packages, and in Ubuntu's. */
const programs = ["chromium", "google-chrome", "chromium-browser"];

/**
 * Chromium, headless, with its DevTools protocol on a port; tests come to it through browser.ts.
 * Started as a process of its own, since drivers start browsers with other features, such as
 * without the back/forward cache. Every name under `.test` is this machine.
 */
export const chromium: Recipe = {
  name: "chromium",
  variable: "CHROMIUM_URL",
  probe,
  available: () => programs.some(has),
  start: () => startChromium(),
  install: () => installPackages("chromium"),
};

/**
 * Starts one for a test alone, such as for features that are off by default.
 * @param args - more arguments of the command line
 * @param home - the home directory, where certificates are that it is to trust; by default an empty
 *   one
 */
async function startChromium(args: readonly string[] = [], home?: string): Promise<Running> {
  const port = await freePort();
  const program = startProgram(
    programs.find(has) ?? "chromium",
    (folder) => [
      "--headless=new",
      // As root there is no sandbox; what the tests show it is their own.
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      `--remote-debugging-port=${port}`,
      `--user-data-dir=${folder}/profile`,
      "--host-resolver-rules=MAP *.test 127.0.0.1",
      ...["--no-first-run", "--disable-background-networking", "--disable-dev-shm-usage"],
      ...args,
      "about:blank",
    ],
    { env: { ...process.env, ...(home !== undefined && { HOME: home }) } },
  );
  const url = `http://127.0.0.1:${port}`;
  try {
    return { ...program, url, version: await Promise.race([probe(url), program.failed]) };
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/** Waits until the browser answers. */
function probe(url: string): Promise<string> {
  return eventually(async () => {
    const response = await fetch(`${url}/json/version`);
    const { Browser } = (await response.json()) as { Browser: string };
    return Browser.replace(/^.*\//, "");
  });
}
