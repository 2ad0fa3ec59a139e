import type { Plugin, ViteDevServer } from "vite";
import type { Regeneration } from "../regeneration.js";
import { begin } from "./rollup.js";

/** Editors write a file in several steps: it has to be quiet for so many milliseconds. */
const QUIET = 50;

/** Gives what Vite calls, which serves in development and builds as Rollup does. */
export function forVite(regeneration: Regeneration): Omit<Plugin, "name"> {
  let isServing = false;
  return {
    configResolved({ command }) {
      isServing = command === "serve";
    },
    async buildStart() {
      if (!isServing) await begin(this, regeneration);
    },
    watchChange(id) {
      regeneration.changed(id);
    },
    configureServer: (server) => serve(server, regeneration),
  };
}

/**
 * Regenerates before the server answers, and whenever the config has changed. What is wrong is
 * shown in the terminal and over the page, until it is mended.
 */
async function serve(server: ViteDevServer, regeneration: Regeneration): Promise<void> {
  const { watcher, ws, config } = server;
  const run = async (): Promise<void> => {
    const { written, warnings, errors } = await regeneration.run();
    watcher.add([...regeneration.inputs]);
    if (written !== undefined) config.logger.info(written, { timestamp: true });
    for (const warning of warnings) config.logger.warn(regeneration.text(warning));
    for (const error of errors) config.logger.error(regeneration.text(error));
    const [first] = errors;
    if (first === undefined) return;
    const loc = regeneration.place(first);
    const err = {
      message: regeneration.text(first),
      stack: "",
      plugin: "sessgen",
      ...(loc && { loc, id: loc.file }),
    };
    ws.send({ type: "error", err });
  };
  let timer: NodeJS.Timeout | undefined;
  watcher.on("all", (_event, file) => {
    if (!regeneration.changed(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void run(), QUIET);
  });
  await run();
}
