import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { has, installPackages } from "./machine.js";

/**
 * Writes a certificate for this machine into a folder, and that of the authority which signed it:
 * `server.pem`, `server.key`, `ca.pem`.
 */
export function certify(folder: string): void {
  if (!has("openssl")) installPackages("openssl");
  const openssl = (...args: readonly string[]): void =>
    void execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  writeFileSync(join(folder, "san.cnf"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Tests");
  openssl("req", "-new", ...key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost");
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "san.cnf"];
  openssl("x509", "-req", "-in", "server.csr", ...signed, "-out", "server.pem", "-days", "2");
}

/** Gives a certificate for this machine and its key, in PEM. */
export function certificate(): { readonly cert: string; readonly key: string } {
  const folder = mkdtempSync(join(tmpdir(), "sessgen-certificate-"));
  try {
    certify(folder);
    const read = (name: string): string => readFileSync(join(folder, name), "utf8");
    return { cert: read("server.pem"), key: read("server.key") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
