// Writes the JSON Schema of configs that are JSON; part of the build.
import { writeFileSync } from "node:fs";
import { catalog } from "../dist/cli/catalog.js";
import { configJsonSchema } from "../dist/config/json-schema.js";

const text = `${JSON.stringify(configJsonSchema(catalog), undefined, 2)}\n`;
writeFileSync(new URL("../dist/sessgen.schema.json", import.meta.url), text);
