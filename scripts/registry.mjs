// A registry that has the packages as they would be published, and for all others asks the one that
// npm is configured to use: so that users' commands need not be changed.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { pipeline, Readable } from "node:stream";

/** Longer ago than any package manager wants new packages to be. */
const PUBLISHED = "2020-01-01T00:00:00.000Z";

/**
 * Starts the registry.
 *
 * @param tarballs - paths by the packages' names
 * @returns its address, what package managers are told of it, and a function that ends it
 */
export async function startRegistry(tarballs) {
  const upstream = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
  const files = new Map();
  const answers = new Map();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/");
    const file = files.get(path);
    if (file !== undefined) return response.end(file);
    const answer = answers.get(path);
    if (answer === undefined) return void forward(request, response);
    response.setHeader("content-type", "application/json");
    response.end(answer);
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  const url = `http://localhost:${server.address().port}/`;
  for (const [name, path] of Object.entries(tarballs)) {
    const content = readFileSync(path);
    files.set(`/${name}/-/package.tgz`, content);
    answers.set(`/${name}`, JSON.stringify(packument(path, content, `${url}${name}/-/package.tgz`)));
  }

  async function forward({ method, url: path = "/", headers }, response) {
    try {
      const { accept = "*/*" } = headers;
      const answer = await fetch(new URL(path.slice(1), upstream), { method, headers: { accept } });
      const type = answer.headers.get("content-type");
      response.writeHead(answer.status, type === null ? {} : { "content-type": type });
      if (answer.body === null) response.end();
      else pipeline(Readable.fromWeb(answer.body), response, () => {});
    } catch (error) {
      response.writeHead(502).end(String(error));
    }
  }

  return {
    env: {
      npm_config_registry: url,
      pnpm_config_registry: url,
      YARN_REGISTRY: url,
      YARN_NPM_REGISTRY_SERVER: url,
      YARN_UNSAFE_HTTP_WHITELIST: "localhost",
    },
    async end() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What a registry says of a package that has one version. */
function packument(path, content, tarball) {
  const manifest = JSON.parse(
    execFileSync("tar", ["-xzOf", path, "package/package.json"], { encoding: "utf8" }),
  );
  const { name, version } = manifest;
  const hash = (algorithm, encoding) => createHash(algorithm).update(content).digest(encoding);
  const dist = { tarball, shasum: hash("sha1", "hex"), integrity: `sha512-${hash("sha512", "base64")}` };
  return {
    name,
    "dist-tags": { latest: version },
    versions: { [version]: { ...manifest, dist } },
    time: { created: PUBLISHED, modified: PUBLISHED, [version]: PUBLISHED },
  };
}
