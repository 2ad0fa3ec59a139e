import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { closest } from "../../closest.js";
import { ownTemplate, templateNames } from "../../code/render.js";
import { loadConfig } from "../../config/load.js";
import { exitCodes, SessgenError } from "../../errors.js";
import { catalog } from "../catalog.js";
import type { Io } from "../io.js";
import type { CommonOptions, Reporter } from "../report.js";

/** Options of `sessgen eject`. */
export interface EjectOptions extends CommonOptions {
  /** Its name; absent: all are listed. */
  readonly template?: string;
}

/**
 * Copies a template into the folder that the config names, where it takes the place of ours.
 *
 * @throws SessgenError `eject/unknown`, `eject/exists`
 */
export async function eject(options: EjectOptions, _io: Io, report: Reporter): Promise<number> {
  const names = await templateNames();
  const { template } = options;
  if (template === undefined) {
    report.data("templates", names);
    for (const name of names) report.line(name);
    return exitCodes.ok;
  }
  const name = names.find((one) => one === template || one === `${template}.hbs`);
  if (name === undefined) {
    const near = closest(template, names);
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    throw new SessgenError("eject/unknown", `There is no template ${template}${hint}`);
  }
  const { config } = await loadConfig(options, catalog);
  const { root, templates = "templates" } = config;
  const path = `${templates}/${name}`;
  const file = join(root, path);
  if (existsSync(file))
    throw new SessgenError("eject/exists", `There is a ${path} already`, { where: { file } });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, await ownTemplate(name), { flag: "wx" });
  report.data("files", [path]);
  report.line(`Wrote ${path}: it is yours now, and later versions of sessgen do not change it`);
  if (config.templates === undefined) report.line(`Next: say templates: "./${templates}" in the config`);
  return exitCodes.ok;
}
