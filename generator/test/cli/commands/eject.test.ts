/** @module-tag slow */
import { expect, it } from "vitest";
import { config, project } from "../../support/project.js";

it("lists templates, copies one, and what is copied counts", async () => {
  const user = project({
    "session.config.ts": config(
      "visits: z.int().default(0)",
      'backend: { kind: "memory" }, frameworks: ["koa"]',
    ),
  });
  expect((await user.run("eject")).out.split("\n")).toContain("glue/koa.ts.hbs");
  expect(await user.run("eject", "glue/koa.ts")).toMatchObject({
    code: 0,
    out: 'Wrote templates/glue/koa.ts.hbs: it is yours now, and later versions of sessgen do not change it\nNext: say templates: "./templates" in the config\n',
  });
  await user.run();
  const before = user.read("src/session/koa.ts");
  user.write({
    "session.config.ts": user
      .read("session.config.ts")
      .replace("frameworks:", 'templates: "./templates", frameworks:'),
  });
  // Unchanged, it makes the same.
  expect(await user.run()).toMatchObject({ code: 0, err: "" });
  expect(user.read("src/session/koa.ts")).toBe(before);
  user.write({ "templates/glue/koa.ts.hbs": `${user.read("templates/glue/koa.ts.hbs")}\n// mine\n` });
  await user.run();
  expect(user.read("src/session/koa.ts")).toContain("// mine");
  expect(await user.run("eject", "glue/koa.ts.hbs")).toMatchObject({
    code: 4,
    err: expect.stringContaining("[eject/exists]"),
  });
});

it.each(["glue/koas.ts.hbs", "../package.json", "/etc/passwd"])("has no template %s", async (name) => {
  const user = project({ "session.config.ts": config("visits: z.int().default(0)") });
  expect(await user.run("eject", name)).toMatchObject({
    code: 2,
    err: expect.stringContaining("[eject/unknown]"),
  });
});
