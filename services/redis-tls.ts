import { readFileSync } from "node:fs";
import { join } from "node:path";
import { certify } from "./certificate.js";
import { freePort, startProgram } from "./machine.js";
import { probe, ready } from "./redis.js";
import type { Running } from "./service.js";

/** A server that speaks TLS only, with a certificate of a private authority. */
export interface Encrypted extends Running {
  /** The authority's certificate, in PEM. */
  readonly ca: string;
}

/** Starts one; makes the authority and the certificate for it. */
export async function startTls(): Promise<Encrypted> {
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
