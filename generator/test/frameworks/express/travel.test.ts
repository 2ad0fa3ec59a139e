import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { compile, tsconfig } from "../../support/compiled.js";
import { config, type Project, project } from "../../support/project.js";

const parts = `import { createHmac } from "node:crypto";
import type { SessionParts } from "@sessgen/runtime";

export const deriveKey: SessionParts["deriveKey"] = (id) => createHmac("sha256", "pepper").update(id).digest("base64url");
export const transport: SessionParts["transport"] = { header: "x-shop" };
`;

function emitted(rest: string, files: Record<string, string> = {}): Project {
  const options = `backend: { kind: "memory" }, frameworks: ["express"], ${rest}`;
  return project({
    "session.config.ts": config("visits: z.int().default(0)", options),
    "tsconfig.json": tsconfig,
    ...files,
  });
}

describe("a config that says how sessions travel", () => {
  it.each<[string, { given: string; want: Record<string, string> }]>([
    ["by bearer token", { given: 'transport: "bearer"', want: { "index.ts": 'transport: ["bearer"],' } }],
    [
      "by cookie or by a header",
      {
        given: 'transport: ["cookie", { header: "x-id" }]',
        want: { "index.ts": 'transport: ["cookie", { header: "x-id" }],' },
      },
    ],
    [
      "by a cookie that is Secure as the request came",
      {
        given: 'cookie: { secure: "auto" }',
        want: { "index.ts": 'name: "session",', "express.ts": "const { secure } = request;" },
      },
    ],
    [
      "bound to what requests look like",
      {
        given:
          'cookie: { secure: "auto" }, binding: { network: { ipv4: 24, ipv6: 48 }, onMismatch: "event" }',
        want: {
          "index.ts": 'binding: bindTo({ network: { ipv4: 24, ipv6: 48 }, onMismatch: "event" }),',
          "express.ts": "const { ip: address } = request;",
        },
      },
    ],
    [
      "kept aside when they cannot be read",
      {
        given: 'onUnreadable: { quarantine: "30d" }',
        want: { "index.ts": "onUnreadable: { quarantine: 2592000000 }," },
      },
    ],
    [
      "with parts of the application's own",
      {
        given: 'parts: "./src/parts.ts"',
        want: { "index.ts": 'import * as parts from "../parts.js";' },
      },
    ],
  ])("%s: is emitted, and compiles", async (_name, { given, want }) => {
    const user = emitted(given, { "src/parts.ts": parts });
    expect(await user.run("--no-cache")).toMatchObject({ code: 0, err: "" });
    for (const [file, text] of Object.entries(want)) expect(user.read(`src/session/${file}`)).toContain(text);
    expect(compile(user)).toEqual([]);
  });

  it("the parts are what the sessions run on", async () => {
    const user = emitted('parts: "./src/parts.ts"', { "src/parts.ts": parts });
    await user.run();
    const { sessions } = await import(pathToFileURL(`${user.root}/src/session/index.ts`).href);
    const session = await sessions.open({ "x-shop": undefined });
    session.visits += 1;
    await session.$commit();
    expect(session.$headers[0][0]).toBe("x-shop");
  });

  it("the compiler refuses a part of another type", async () => {
    const user = emitted('parts: "./src/parts.ts"', {
      "src/parts.ts": "export const generateId = (): number => 4;\n",
    });
    await user.run();
    expect(compile(user)).toEqual([expect.stringContaining("src/session/index.ts")]);
  });
});

describe("refused", () => {
  it.each<[string, { given: string; want: { code: string; path: string; line: number } }]>([
    [
      "a module of parts that is not there",
      { given: 'parts: "./src/none.ts"', want: { code: "config/no-such-export", path: "parts", line: 6 } },
    ],
    [
      "a transport nobody knows",
      { given: 'transport: "pigeon"', want: { code: "config/invalid-option", path: "transport", line: 6 } },
    ],
    [
      "a transport twice",
      {
        given: 'transport: [{ header: "x-id" }, { header: "X-ID" }]',
        want: { code: "config/invalid-option", path: "transport", line: 6 },
      },
    ],
  ])("%s", async (_name, { given, want }) => {
    const { code, path, line } = want;
    const run = await emitted(given).run("--json");
    expect(run.code).toBe(3);
    expect(JSON.parse(run.out).problems).toEqual([
      expect.objectContaining({ code, where: expect.objectContaining({ path, line }) }),
    ]);
  });

  it("headers for sessions that travel in the cookie itself", async () => {
    const user = project({
      "session.config.ts": config(
        "visits: z.int().default(0)",
        'backend: { kind: "cookie", secrets: [env("SECRET")] },\n  transport: "bearer"',
      ),
    });
    const run = await user.run("--json");
    expect(JSON.parse(run.out).problems).toMatchObject([
      { code: "config/invalid-option", where: { path: "transport", line: 7 } },
    ]);
  });
});
