import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { startContainer } from "./container.js";
import { has, installPackages } from "./machine.js";
import { probe, startRedis } from "./redis.js";
import type { Recipe } from "./service.js";

/** Valkey 8 from Debian's backports, or whichever there is. */
export const valkey: Recipe = {
  name: "valkey",
  variable: "VALKEY_URL",
  probe,
  available: () => has("valkey-server"),
  start: () => startRedis("valkey-server", []),
  startContainer: (engine) =>
    startContainer(engine, "docker.io/valkey/valkey:8-alpine", 6379, {
      command: ["valkey-server", "--save", "", "--appendonly", "no"],
      url: (port) => `redis://127.0.0.1:${port}`,
      probe,
    }),
  install,
};

/** Debian 12 has Valkey in its backports only; later ones have it among their own packages. */
function install(): void {
  try {
    installPackages("valkey-server");
  } catch (error) {
    const release = readFileSync("/etc/os-release", "utf8");
    const [, codename] = /^VERSION_CODENAME=(\w+)$/m.exec(release) ?? [];
    if (!/^ID=debian$/m.test(release) || codename === undefined) throw error;
    const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
    writeFileSync(
      "/etc/apt/sources.list.d/sessgen-backports.list",
      `deb [signed-by=${keyring}] http://deb.debian.org/debian ${codename}-backports main\n`,
    );
    execFileSync("apt-get", ["update"], { stdio: "pipe" });
    installPackages("valkey-server");
  }
}
