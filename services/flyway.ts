import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, has } from "./machine.js";

const VERSION = "10.22.0";

/** All that PostgreSQL, MySQL and MariaDB take; the rest is for forty other databases. */
const parts = ["flyway", "lib", "conf", "drivers/postgresql-*", "drivers/mariadb-java-client-*"];

/**
 * Flyway's command line, of Maven Central, in the user's cache; `undefined` where there is no Java,
 * or nothing to download it with.
 */
export function flyway(): string | undefined {
  const folder = cacheFolder(`flyway-${VERSION}`);
  const program = join(folder, "flyway", "flyway");
  if (!has("java")) return undefined;
  if (existsSync(program)) return program;
  const temporary = mkdtempSync(join(folder, "download-"));
  try {
    const artifact = `org.flywaydb:flyway-commandline:${VERSION}:tar.gz`;
    const options = ["-B", "-q", "dependency:copy", `-Dartifact=${artifact}`];
    execFileSync("mvn", [...options, `-DoutputDirectory=${temporary}`], { cwd: temporary, stdio: "pipe" });
    const archive = join(temporary, `flyway-commandline-${VERSION}.tar.gz`);
    const wanted = parts.map((part) => `flyway-${VERSION}/${part}`);
    execFileSync("tar", ["xzf", archive, "-C", temporary, "--wildcards", ...wanted], { stdio: "pipe" });
    renameSync(join(temporary, `flyway-${VERSION}`), join(folder, "flyway"));
    return program;
  } catch {
    return undefined;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
