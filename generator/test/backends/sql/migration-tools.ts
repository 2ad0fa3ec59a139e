import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../../../services/machine.js";

const packages = [
  ...["dbmate@2", "knex@3", "drizzle-orm@0.44", "drizzle-kit@0.31", "pg@8", "mysql2@3"],
  // The last with an engine for migrations that is no program, and so comes with npm.
  ...["prisma@6.19", "@prisma/adapter-pg@7.10"],
];

/** Where the migration tools are installed. */
export const tools = cacheFolder(`migration-tools-${packages.join("-").replace(/[^a-z0-9.-]/g, "")}`);

/** The tools are nothing that sessgen needs: they are installed for tests alone, if there is a registry. */
export function installTools(): boolean {
  if (existsSync(join(tools, "installed"))) return true;
  try {
    writeFileSync(join(tools, "package.json"), "{}");
    // Scripts would fetch what is not used: engines of Prisma's that are programs.
    const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps", "--loglevel=error"];
    execFileSync("npm", ["install", ...options, ...packages], {
      cwd: tools,
      stdio: "pipe",
      timeout: 120_000,
    });
    writeFileSync(join(tools, "installed"), "");
    return true;
  } catch {
    return false;
  }
}
