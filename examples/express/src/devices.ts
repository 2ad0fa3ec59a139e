import type { Express, Response } from "express";
import { sessions } from "./session/index.js";

/**
 * The page on which users see where they are logged in, and end one of these sessions or all of
 * them (OWASP ASVS 5, 7.5.2, which also asks for the password again before: this shop has none).
 * `SameSite=Lax` keeps the cookie out of forms that other sites send.
 */
export function addDevices(app: Express): void {
  app.get("/devices", async (request, response) => {
    const { user } = request.session;
    if (user === undefined) return sendPage(response, "Log in", loginForm);
    const devices = await sessions.list("user.id", user.id, { current: request.session });
    sendPage(response, `Where ${user.name} is logged in`, devices.map(row).join("\n") + allForm);
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

/** A browser in words, from what it says of itself. */
export function deviceOf(userAgent = ""): string {
  const browser = /Firefox|Edg|OPR|Chrome|Safari/.exec(userAgent)?.[0] ?? "Another program";
  const system = /Android|iPhone|iPad|Windows|Macintosh|Linux/.exec(userAgent)?.[0];
  return system === undefined ? browser : `${browser} on ${system}`;
}

type Device = Awaited<ReturnType<typeof sessions.list<"user.id">>>[number];

function row({ handle, createdAt, lastUsedAt, current, data }: Device): string {
  const end = current
    ? "<strong>this device</strong>"
    : `<form method="post" action="/devices/end">
  <input type="hidden" name="handle" value="${handle}">
  <button>Log out</button>
</form>`;
  const since = createdAt === undefined ? "" : `, since ${createdAt.toISOString()}`;
  return `<li>${escaped(data.device ?? "Unknown")}${since}, last used ${lastUsedAt.toISOString()} ${end}</li>`;
}

const allForm = `
<form method="post" action="/devices/end-all"><button>Log out everywhere</button></form>`;

const loginForm = `<form method="post" action="/login">
  <label>Name <input name="name" required></label>
  <button>Log in</button>
</form>`;

function sendPage(response: Response, title: string, body: string): void {
  response.type("html").send(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Devices</title>
<h1>${escaped(title)}</h1>
${body}
</html>
`);
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
