import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { createGunzip } from "node:zlib";
import compression from "compression";
import express5, { type Response } from "express";
import express4 from "express-4";
import { describe, expect, it } from "vitest";
import { emitted, untilEnd } from "./hosts.js";

// Server-sent events through a compression that keeps back what is not flushed. The server goes on when the client has what came
// before: without a flush, both would wait for ever.

const host = emitted("plain", "visits: z.int().default(0)", '"express"');

describe.each([
  ["Express 5", express5],
  ["Express 4", express4 as unknown as typeof express5],
])("%s", (_name, express) => {
  it.each([
    ["in front of", true],
    ["behind", false],
  ])("compression %s the sessions: each event arrives when it is flushed", async (_where, first) => {
    const app = express();
    const mounted = [compression(), host.session()];
    app.use(...(first ? mounted : mounted.reverse()));
    let received = (): void => {};
    app.get("/", async (request, response) => {
      Reflect.set(request.session, "visits", 1);
      response.set("content-type", "text/event-stream");
      for (const event of ["one", "two"]) {
        const arrived = new Promise<void>((resolve) => {
          received = resolve;
        });
        response.write(`data: ${event}\n\n`);
        (response as Response & { flush(): void }).flush();
        await arrived;
      }
      response.end();
    });
    const { origin } = await untilEnd(app);
    const request = get(origin, { headers: { "accept-encoding": "gzip" } });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    expect(response.headers["content-encoding"]).toBe("gzip");
    expect(response.headers["set-cookie"]).toHaveLength(1);
    const events: string[] = [];
    for await (const chunk of response.pipe(createGunzip())) {
      events.push(String(chunk));
      received();
    }
    expect(events).toEqual(["data: one\n\n", "data: two\n\n"]);
  });
});
