import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFolder, has, installPackages } from "./machine.js";
import { run } from "./run.js";

/**
 * Debian testing in a folder of the cache: servers that Debian stable has not, or only older ones.
 * All of it runs in mount namespaces of its own, so that nothing is mounted on the machine itself,
 * and nothing stays mounted, whatever is killed when.
 */
const suite = "forky";

/** Gives the system in `root` the machine's processes, devices and name servers. */
const mount = `
mount --bind /proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
`;

/**
 * Lays the system if it is not there, and installs packages; `$1`: the folder, `$2`: the mirror,
 * then the packages.
 */
const installScript = `
folder=$1 mirror=$2 root=$1/root
shift 2
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
if [ ! -d "$root" ]; then
  rm -rf "$folder/new"
  debootstrap --variant=minbase --include=ca-certificates ${suite} "$folder/new" "$mirror" /usr/share/debootstrap/scripts/sid
  printf '#!/bin/sh\\nexit 101\\n' > "$folder/new/usr/sbin/policy-rc.d"
  chmod +x "$folder/new/usr/sbin/policy-rc.d"
  echo "deb $mirror sid main" > "$folder/new/etc/apt/sources.list.d/sid.list"
  printf 'Package: *\\nPin: release n=sid\\nPin-Priority: 50\\n' > "$folder/new/etc/apt/preferences.d/sid"
  mv "$folder/new" "$root"
fi
cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/"
${mount}
chroot "$root" dpkg --configure -a
chroot "$root" apt-get update
chroot "$root" apt-get install -y --no-install-recommends "$@"
chroot "$root" apt-get clean
`;

/**
 * Runs a program in the system; `$1`: its root, `$2`: the folder for temporary files, `$3`: the
 * user, then the command.
 */
const runScript = `
root=$1 temporary=$2 user=$3
shift 3
${mount}
# With what tests have mounted in it.
mount --rbind "$temporary" "$root$temporary"
# The machine may trust a proxy of its own.
certificates=/etc/ssl/certs/ca-certificates.crt
if [ -f "$certificates" ]; then mount --bind "$certificates" "$root$certificates"; fi
exec chroot --userspec="$user" "$root" "$@"
`;

/**
 * Installs those of the packages that are missing, from testing or else from unstable; the first
 * time, Debian testing itself. Needs root on Debian. Processes that call it at once wait for each
 * other.
 * @returns the folder that is the root of that system
 */
export async function debianTesting(...packages: readonly string[]): Promise<string> {
  if (hasDebianTesting(...packages)) return root();
  // In this process, as all of them: APT lets nobody else in while it works on the machine's own
  // packages.
  if (!has("debootstrap")) installPackages("debootstrap");
  const command = ["unshare", "--mount", "sh", "-ec", installScript, "sh", folder(), mirror(), ...packages];
  await run("flock", [join(folder(), "lock"), ...command]);
  return root();
}

/** Whether these packages are installed there. */
export function hasDebianTesting(...packages: readonly string[]): boolean {
  const database = join(root(), "var/lib/dpkg");
  if (!existsSync(database)) return false;
  try {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query has placeholders of its own.
    const query = ["--admindir", database, "-W", "-f", "${db:Status-Status}\n", ...packages];
    const states = execFileSync("dpkg-query", query, { encoding: "utf8", stdio: "pipe" });
    return states
      .trim()
      .split("\n")
      .every((state) => state === "installed");
  } catch {
    return false;
  }
}

/**
 * The command that runs a program there, as one process that can be stopped and killed. It shares
 * the network and the folder of temporary files with the machine.
 * @param user - `nobody` for servers that refuse to run as root; give it the folder it writes to
 */
export function inDebianTesting(
  program: string,
  args: readonly string[],
  user: "root" | "nobody" = "root",
): { readonly program: string; readonly args: readonly string[] } {
  const ids = user === "root" ? "0:0" : "65534:65534";
  mkdirSync(join(root(), tmpdir()), { recursive: true });
  return {
    program: "unshare",
    args: ["--mount", "sh", "-ec", runScript, "sh", root(), tmpdir(), ids, program, ...args],
  };
}

function folder(): string {
  return cacheFolder(`debian-${suite}`);
}

function root(): string {
  return join(folder(), "root");
}

/** Where this machine's own packages come from: a mirror that it is sure to reach. */
function mirror(): string {
  const format = ["--format", "$(REPO_URI)", "Created-By: Packages", "Label: Debian"];
  const [first] = execFileSync("apt-get", ["indextargets", ...format], { encoding: "utf8" }).split("\n");
  return first || "http://deb.debian.org/debian";
}
