import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, has, installPackages, startProgram } from "./machine.js";
import { probe, ready } from "./redis.js";
import type { Running } from "./service.js";

/** A server that speaks TLS only, with a certificate of a private authority. */
export interface Encrypted extends Running {
  /** The authority's certificate, in PEM. */
  readonly ca: string;
}

/** Starts one; makes the authority and the certificate for it. */
export async function startTls(): Promise<Encrypted> {
  if (!has("openssl")) installPackages("openssl");
  const port = await freePort();
  let ca = "";
  const program = startProgram("redis-server", (folder) => {
    certify(folder);
    ca = readFileSync(join(folder, "ca.pem"), "utf8");
    return [
      ...["--port", "0", "--tls-port", String(port), "--bind", "127.0.0.1", "--dir", folder],
      ...["--tls-cert-file", "server.pem", "--tls-key-file", "server.key"],
      ...["--tls-ca-cert-file", "ca.pem", "--tls-auth-clients", "no", "--save", ""],
    ];
  });
  const url = `rediss://127.0.0.1:${port}`;
  return ready({ ...program, url, ca }, program, () => probe(url, { tls: { ca } }));
}

function certify(folder: string): void {
  const openssl = (...args: readonly string[]): void =>
    void execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  writeFileSync(join(folder, "san.cnf"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Tests");
  openssl("req", "-new", ...key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost");
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "san.cnf"];
  openssl("x509", "-req", "-in", "server.csr", ...signed, "-out", "server.pem", "-days", "2");
}
