import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { formClient } from "../../examples/next/test/forms.js";
import { type Project, project } from "../../generator/test/support/project.js";
import { newPage } from "../../services/browser.js";
import { serviceUrl } from "../../services/client.js";
import { type Followed, followed } from "./guide.js";
import { nextStarter } from "./next-starter.js";
import { ownProcess } from "./own-process.js";

// What docs/frameworks/next.md says is done, and what else it shows is tried in what has come of that: pages.test.ts does so for others.

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(`${root}docs/frameworks/next.md`, "utf8");
/** The page's code: a file's by its name, the rest by its own. */
const snippets = Object.fromEntries(
  [...page.matchAll(/^```tsx? ([^\n]+)\n(.*?)^```$/gms)].map(([, name = "", text = ""]) => [name, text]),
);
const shown = Object.fromEntries(
  Object.entries(snippets).filter(([name]) => /^(?:src|session)\S+$/.test(name)),
);
const snippet = (name: string): string => {
  const text = snippets[name];
  if (text === undefined) throw new Error(`The page has no ${name}`);
  return text;
};

const [chromium, redis] = [await serviceUrl("chromium"), await serviceUrl("redis")];

/** The packages, ours included, are at the top of the repository. */
const nextConfig = (more = ""): string =>
  (nextStarter["next.config.ts"] ?? "").replace(
    "{}",
    `{ turbopack: { root: ${JSON.stringify(root)} }, outputFileTracingRoot: ${JSON.stringify(root)}${more} }`,
  );

/** The config that `next dev` regenerates by. */
const regenerating = nextConfig()
  .replace("import", 'import { withSessgen } from "sessgen/next";\nimport')
  .replace("export default nextConfig", "export default withSessgen(nextConfig)");

const env = {
  COOKIE_SECRET: "0123456789abcdef0123456789abcdef",
  NEXT_TELEMETRY_DISABLED: "1",
  REDIS_URL: redis,
  CI: "",
  NODE_OPTIONS: "",
};
const bin = `${root}node_modules/next/dist/bin/next`;

/** Where somebody tries to have a session cached, in each of the ways. */
const caching = {
  "src/app/api/cached/route.ts": `import { unstable_cache } from "next/cache";
import { session } from "@/session/next";

async function read() {
  "use cache";
  return (await session()).user?.name;
}

async function handed(given: { readonly user?: { readonly name: string } | undefined }) {
  "use cache";
  return given.user?.name;
}

const older = unstable_cache(async () => (await session()).user?.name);

export async function POST() {
  const reading = await session();
  return Response.json({
    name: reading.user?.name,
    read: await read().catch(String),
    handed: await handed(reading).catch(String),
    older: await older().catch(String),
  });
}
`,
  "src/app/mine/page.tsx": `import { Suspense } from "react";
import { session } from "@/session/next";

export default function Page() {
  return (
    <Suspense fallback="…">
      <Mine />
    </Suspense>
  );
}

async function Mine() {
  "use cache: private";
  const { user } = await session();
  return <h1>Of {user?.name}</h1>;
}
`,
};

/** The starter with the page's files, and the session module that they need. */
async function shop(more: Readonly<Record<string, string>> = {}): Promise<Project> {
  mkdirSync(`${root}.cache`, { recursive: true });
  const folder = mkdtempSync(`${root}.cache/next-page-`);
  // Next.js checks types by the compiler's API, which TypeScript 7 has no more.
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(`${root}node_modules/typescript-5.9`, join(folder, "node_modules/typescript"));
  const user = project({ ...nextStarter, "next.config.ts": nextConfig(), ...shown, ...more }, folder);
  expect(await user.run("--no-cache")).toMatchObject({ code: 0, err: "" });
  return user;
}

/** Starts `next start`. */
async function served({ root: folder }: Project): Promise<string> {
  const { origin, close } = await ownProcess(pathToFileURL(join(folder, "test/")).href, {
    command: [process.execPath, bin, "start"],
    env: { ...env, NODE_ENV: "production" },
  });
  onTestFinished(close);
  return origin;
}

describe("the page of Next.js, in development, with Turbopack", () => {
  let guide: Followed | undefined;
  const there = (): Followed => guide ?? raise("The guide could not be followed");
  const read = (path: string): string => readFileSync(join(there().folder, path), "utf8");
  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(there().folder, path), text);
  };
  beforeAll(async () => {
    const starter = { ...nextStarter, "next.config.ts": regenerating };
    guide = await followed("next.md", { starter, env });
  });
  afterAll(() => guide?.end());

  it("leads to the first login, and all of its code compiles", async () => {
    expect(there().login?.seconds).toBeGreaterThan(0);
    await there().compile();
  });

  it("keeps sessions through edits", async () => {
    const ada = formClient(there().origin);
    expect((await ada.press("/", "Log in", { name: "Ada" })).status).toBe(303);
    expect(await ada.page("/")).toContain("Welcome, Ada Hello, Ada");
    await expect.poll(() => ada.page("/")).not.toContain("Welcome");

    // Pages, handlers and the proxy are bundles of their own, and have one memory.
    const post = (name: unknown) =>
      ada.send("/api/login", { method: "POST", body: JSON.stringify({ name }) });
    expect(await (await ada.send("/api/login")).json()).toMatchObject({ name: "Ada" });
    const refused = await post(7);
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { error: expect.stringContaining("session.user.name") },
    ]);

    // An edit of the page, and one of the config, end no session.
    write({ "src/app/page.tsx": snippet("src/app/page.tsx").replace("Hello, ", "Good morning, ") });
    await expect.poll(() => ada.page("/")).toContain("Good morning, Ada");
    const config = snippet("session.config.ts");
    write({
      "session.config.ts": config.replace("notice: z", "theme: z.string().optional(),\n    notice: z"),
    });
    await expect.poll(() => read("src/session/session.ts")).toContain("get theme()");
    write({
      "src/app/page.tsx": snippet("src/app/page.tsx")
        .replace("{ user, notice }", '{ user, notice, theme = "light" }')
        .replace("Hello, {user.name}", "Hello, {user.name}, in the {theme}"),
    });
    await expect.poll(() => ada.page("/")).toContain("Hello, Ada, in the light");
    expect((await ada.press("/", "Log out")).status).toBe(303);
    expect(await ada.page("/")).toContain("Log in");
  });

  it.skipIf(chromium === "")("ends a flash field of a session in its cookie", async () => {
    const { origin } = there();
    write({
      // What a cookie holds is to have bounds.
      "session.config.ts": snippet("session.config.ts")
        .replaceAll("z.string()", "z.string().max(99)")
        .replace(
          'development: { kind: "memory" }',
          'development: { kind: "cookie", secrets: [env("COOKIE_SECRET")] }',
        ),
    });
    await expect.poll(() => read("src/session/store.ts")).toContain("stores/cookie");
    write({
      "src/app/page.tsx": snippet("src/app/page.tsx")
        .replace("<h1>", "{notice && <Seen action={noticeSeen} />}\n      <h1>")
        .replace(
          "import { login",
          'import { Seen } from "./seen";\nimport { noticeSeen } from "./seen-action";\nimport { login',
        ),
    });
    const loggedIn = async () => {
      const client = formClient(origin);
      await client.press("/", "Log in", { name: "Ada" });
      return client;
    };
    // Until the edit has arrived.
    await expect.poll(async () => (await (await loggedIn()).cookie()).length).toBeGreaterThan(100);
    // Without a script to say so, nobody has seen it.
    const ada = await loggedIn();
    for (let visits = 0; visits < 2; visits += 1) expect(await ada.page("/")).toContain("Welcome, Ada");
    const tab = await newPage(chromium);
    await tab.goto(origin);
    await tab.getByPlaceholder("Name").fill("Grace");
    await tab.getByRole("button", { name: "Log in" }).click();
    await tab.getByRole("heading", { name: "Hello, Grace" }).waitFor();
    await expect.poll(() => tab.getByRole("status").count()).toBe(0);
    await tab.reload();
    await tab.getByRole("heading", { name: "Hello, Grace" }).waitFor();
    expect(await tab.getByRole("status").count()).toBe(0);
  });
});

describe("the page of Next.js, in production", () => {
  it.skipIf(redis === "")('is right about "use cache", with webpack', async () => {
    const user = await shop({
      // Its types are checked where the guide is followed.
      "next.config.ts": nextConfig(", cacheComponents: true, typescript: { ignoreBuildErrors: true }"),
      "src/app/page.tsx": snippet("src/app/offers/page.tsx"),
      "src/app/home/page.tsx": snippet("src/app/page.tsx").replace("./actions", "../actions"),
      "src/app/home/loading.tsx": "export default function Loading() {\n  return null;\n}\n",
      "src/proxy.ts": snippet("src/proxy.ts").replace(/if .*/, "session.$touch();"),
      ...caching,
    });
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "build", "--webpack"], {
      cwd: user.root,
      encoding: "utf8",
      env: { ...process.env, ...env, NODE_ENV: "production" },
    });
    expect(status, stdout + stderr).toBe(0);
    const origin = await served(user);
    const ada = formClient(origin);
    expect(await ada.page("/")).toContain("Offers for strangers");
    expect((await ada.press("/home", "Log in", { name: "Ada" })).status).toBe(303);
    expect(await ada.page("/")).toContain("Offers for members");
    expect(await ada.page("/home")).toContain("Welcome, Ada");
    await expect.poll(() => ada.page("/home")).not.toContain("Welcome");
    const grace = formClient(origin);
    await grace.press("/home", "Log in", { name: "Grace" });
    for (const [client, name] of [
      [ada, "Ada"],
      [grace, "Grace"],
    ] as const) {
      const cached = await client.send("/api/cached", { method: "POST" });
      expect(await cached.json()).toEqual({
        name,
        read: expect.stringMatching(/^Error: /), // in production, why is for the log alone
        handed: name, // its fields, as JSON, are what it is cached by
        older: expect.stringContaining("can't be read inside `unstable_cache()`"),
      });
      expect(await client.page("/mine")).toContain(`Of ${name}`);
    }
  });
});

function raise(message: string): never {
  throw new Error(message);
}
