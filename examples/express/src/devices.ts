import { csrfToken } from "example-shop";
import type { Express, Request } from "express";
import { sessions } from "./session/index.js";

/**
 * The page on which users see where they are logged in, and end one of these sessions or all of
 * them (OWASP ASVS 5, 7.5.2, which also asks for the password again before: this shop has none).
 */
export function addDevices(app: Express): void {
  app.get("/devices", async (request, response) => {
    const { user } = request.session;
    const devices =
      user === undefined ? [] : await sessions.list("user.id", user.id, { current: request.session });
    if (request.accepts(["json", "html"]) === "json") response.json(devices);
    else response.send(user === undefined ? loginPage(request) : devicesPage(request, user.name, devices));
  });

  // A handle of somebody else's session finds nothing: only this user's are looked at.
  app.post("/devices/end", async (request, response) => {
    const { user } = request.session;
    const { handle } = request.body ?? {};
    if (user !== undefined) await sessions.revoke(String(handle), { by: ["user.id", user.id] });
    response.redirect(303, "/devices");
  });

  app.post("/devices/end-all", async (request, response) => {
    const { user } = request.session;
    if (user !== undefined) {
      await sessions.destroyBy("user.id", user.id, { except: request.session });
      await request.session.$destroy();
    }
    response.redirect(303, "/devices");
  });
}

type Device = Awaited<ReturnType<typeof sessions.list<"user.id">>>[number];

function loginPage(request: Request): string {
  const field = `<label>Name <input name="name" required></label>`;
  return page("Log in", form(request, "/login", field, "Log in"));
}

function devicesPage(request: Request, name: string, devices: readonly Device[]): string {
  const rows = devices.map((device) => `<li>${row(request, device)}</li>`);
  const endAll = form(request, "/devices/end-all", "", "Log out everywhere");
  return page(`Where ${name} is logged in`, [...rows, endAll].join("\n"));
}

function row(request: Request, { handle, createdAt, lastUsedAt, current, data }: Device): string {
  const field = `<input type="hidden" name="handle" value="${handle}">`;
  const end = current ? "<strong>this device</strong>" : form(request, "/devices/end", field, "Log out");
  const since = createdAt === undefined ? "" : `, since ${createdAt.toISOString()}`;
  return `${escaped(data.device ?? "Unknown")}${since}, last used ${lastUsedAt.toISOString()} ${end}`;
}

/** A form with the token that tells it from those of other sites. */
function form({ session }: Request, action: string, fields: string, button: string): string {
  return `<form method="post" action="${action}">
  ${fields}<input type="hidden" name="csrf" value="${csrfToken(session)}">
  <button>${button}</button>
</form>`;
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Devices</title>
<h1>${escaped(title)}</h1>
${body}
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
