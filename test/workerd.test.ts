import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it, onTestFinished } from "vitest";
import { config, project } from "../generator/test/support/project.js";
import { npmPackages } from "../services/tools.js";

/** What is used of Miniflare, which starts workerd. */
interface Miniflare {
  dispatchFetch(url: string, init?: { headers: Record<string, string> }): Promise<Response>;
  dispose(): Promise<void>;
}

// Before any test: the first time, it takes longer than one may.
const packages = npmPackages("miniflare-4", "miniflare@4");

/** Bundles a worker of a project, as wrangler does, and starts it. */
async function started(files: Readonly<Record<string, string>>, rest: string) {
  const user = project({
    "session.config.ts": config("visits: z.int().default(0)", rest),
    ...files,
  });
  expect(await user.run()).toMatchObject({ code: 0, err: "" });
  const { outputFiles } = await build({
    absWorkingDir: user.root,
    entryPoints: ["src/worker.ts"],
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd", "worker", "browser"],
    external: ["node:*", "cloudflare:*"],
    write: false,
    logLevel: "silent",
  });
  const load = createRequire(join(packages, "package.json"));
  const { Miniflare } = load("miniflare");
  const worker: Miniflare = new Miniflare({
    modules: true,
    script: outputFiles[0]?.text,
    compatibilityDate: "2026-01-01",
    compatibilityFlags: ["nodejs_compat"],
    bindings: { SESSION_SECRET: "0123456789abcdef0123456789abcdef" },
  });
  onTestFinished(() => worker.dispose());
  return worker;
}

describe("in workerd, which Cloudflare runs", () => {
  it.each([
    [
      "by the Fetch host",
      "fetch",
      `import { withSession } from "@sessgen/runtime/http/fetch";
import { sessions } from "./session/index.js";

export default {
  fetch: (request: Request) =>
    withSession(sessions, request, (session) => {
      session.visits += 1;
      return new Response("visits: " + session.visits);
    }),
};
`,
    ],
    [
      "in a Hono application",
      "hono",
      `import { Hono } from "hono";
import { session } from "./session/hono.js";

export default new Hono().use(session()).get("/", (context) => {
  context.var.session.visits += 1;
  return context.text("visits: " + context.var.session.visits);
});
`,
    ],
  ])("sessions travel in their sealed cookie, %s", async (_name, framework, source) => {
    const worker = await started(
      { "src/worker.ts": source },
      `frameworks: ["${framework}"], backend: { kind: "cookie", secrets: [env("SESSION_SECRET")] }`,
    );
    const first = await worker.dispatchFetch("https://shop.example/");
    expect(await first.text()).toBe("visits: 1");
    const [cookie = ""] = first.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-session=.*; Secure; SameSite=Lax$/);
    const headers = { cookie: cookie.split(";")[0] ?? "" };
    expect(await (await worker.dispatchFetch("https://shop.example/", { headers })).text()).toBe("visits: 2");
    const other = headers.cookie.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    const forged = await worker.dispatchFetch("https://shop.example/", { headers: { cookie: other } });
    expect(await forged.text()).toBe("visits: 1");
  });

  it("the memory store does what every store must", async () => {
    const worker = await started(
      {
        "src/worker.ts": `import { memoryStore } from "@sessgen/runtime/stores/memory";
import { fakeClock, testStore } from "@sessgen/runtime/testing";

type Case = readonly [name: string, run: () => unknown];

function collected(): readonly Case[] {
  const cases: Case[] = [];
  testStore(
    { describe: (_name, define) => define(), it: (name, run) => cases.push([name, run]) },
    "memory",
    () => {
      const clock = fakeClock();
      return { store: memoryStore({ clock }), now: clock, advance: clock.advance };
    },
  );
  return cases;
}

export default {
  async fetch(): Promise<Response> {
    const failed: string[] = [];
    const cases = collected();
    for (const [name, run] of cases) {
      try {
        await run();
      } catch (error) {
        failed.push(name + ": " + String(error));
      }
    }
    return Response.json({ cases: cases.length, failed });
  },
};
`,
      },
      'backend: { kind: "memory" }',
    );
    const { cases, failed } = (await (await worker.dispatchFetch("https://shop.example/")).json()) as {
      cases: number;
      failed: string[];
    };
    expect(failed).toEqual([]);
    expect(cases).toBeGreaterThan(20);
  });
});
