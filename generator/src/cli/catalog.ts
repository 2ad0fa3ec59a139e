import { backends } from "../backends/index.js";
import type { Catalog } from "../config/catalog.js";
import { frameworks } from "../frameworks/index.js";

/** All backends and frameworks: commands hand them on. */
export const catalog: Catalog = { backends, frameworks };
