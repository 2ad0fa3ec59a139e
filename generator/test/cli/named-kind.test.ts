import { execFileSync } from "node:child_process";
import { storeKey } from "@sessgen/runtime";
import { describe, expect, it } from "vitest";
import { config, type Project, project } from "../support/project.js";
import { file, idOf } from "../support/stored.js";

const application = `import { adminSessions } from "./src/admin-session/index.js";

const session = await adminSessions.open(process.argv[2]);
if (process.argv[2] === undefined) session.role = "root";
const [cookie] = await session.$commit();
console.log(cookie?.split(";")[0] ?? session.role);
await adminSessions.close();
`;

/** A project whose only sessions have a name, and the cookie of one that its application made. */
async function admins(): Promise<{ user: Project; cookie: string; app(cookie: string): string }> {
  const user = project({
    "session.config.ts": config("role: z.string().optional()", `name: "admin", backend: ${file.code}`),
    "app.ts": application,
  });
  for (const command of [["generate", "--new-application"], ["migrate"]])
    expect(await user.run(...command)).toMatchObject({ code: 0, err: "" });
  const app = (...argv: string[]): string =>
    execFileSync(process.execPath, ["--import", "tsx", "app.ts", ...argv], {
      cwd: user.root,
      encoding: "utf8",
    }).trim();
  return { user, cookie: app(), app };
}

const applicationOf = (user: Project): string => JSON.parse(user.read("admin.sessgen.lock.json")).application;

describe("sessions of a kind with a name", () => {
  it("are shown by their cookie, and by their id", async () => {
    const { user, cookie, app } = await admins();
    expect(app(cookie)).toBe("root");
    const key = storeKey(idOf(cookie), { application: applicationOf(user), name: "admin" });
    for (const given of [cookie, idOf(cookie)]) {
      const { code, out } = await user.run("inspect", given);
      expect(code).toBe(0);
      expect(out).toContain(`key        ${key}\n`);
      expect(out).toContain("role  'root'");
    }
  });

  it("are revoked by their id", async () => {
    const { user, cookie, app } = await admins();
    const removed = { code: 0, out: "1 session removed\n", err: "" };
    expect(await user.run("revoke", idOf(cookie))).toEqual(removed);
    expect(app(cookie)).not.toBe("root");
    expect(await user.run("inspect", cookie)).toMatchObject({
      code: 1,
      err: expect.stringContaining("[inspect/not-found]"),
    });
  });

  it("are not found by the key that the id has where sessions have no name", async () => {
    const { user, cookie } = await admins();
    expect(
      await user.run("inspect", "--key", storeKey(idOf(cookie), { application: applicationOf(user) })),
    ).toMatchObject({ code: 1 });
  });
});
