import { expect } from "vitest";
import { type Client, clientsOf } from "./client.js";
import { withoutStore } from "./without-store.js";

/** A socket as a test sees it, whatever it is made with. */
export interface Socket {
  say(text: string): void;
  /** What it was sent, as `name: text`. */
  readonly heard: readonly string[];
  /** Why it was closed; `undefined` while it is open. */
  readonly closed: string | undefined;
  close(): void;
}

/** What a test is given. */
export interface ChatWorld {
  readonly origin: string;
  /** Opens a socket with the cookies of a client; refused is an error that says why. */
  connect(cookie: string): Promise<Socket>;
  /** What the socket is told when its session is over. */
  readonly over: string;
  /** How who is not logged in is refused. */
  readonly refused: RegExp;
  /** How everybody is refused while the store cannot be reached. */
  readonly unavailable: RegExp;
  /** The SQLite file of the sessions. */
  readonly database: string;
}

/** What every chat does, whatever its sockets are made with. */
export const chatCases = {
  "refuses who is not logged in": async ({ connect, refused }: ChatWorld) => {
    await expect(connect("")).rejects.toThrow(refused);
    await expect(connect(`session=${"A".repeat(43)}`)).rejects.toThrow(refused);
  },

  "has the session of who connects, as it is at each message": async (world: ChatWorld) => {
    const [ada, grace] = [await login(world, "Ada"), await login(world, "Grace")];
    ada.socket.say("tea?");
    await expect.poll(() => grace.socket.heard).toEqual(["Ada: tea?"]);
    grace.socket.say("coffee");
    await expect.poll(() => ada.socket.heard).toEqual(["Ada: tea?", "Grace: coffee"]);
    expect(await ada.client.get("/")).toMatchObject({ messages: 1 });
    for (const { socket } of [ada, grace]) socket.close();
  },

  "closes at logout, in whatever window, and nobody else's": async (world: ChatWorld) => {
    const [ada, grace] = [await login(world, "Ada"), await login(world, "Grace")];
    const second = await world.connect(await ada.client.cookie());
    await send(ada.client, "/logout");
    for (const socket of [ada.socket, second]) await expect.poll(() => socket.closed).toBe(world.over);
    expect(grace.socket.closed).toBeUndefined();
    grace.socket.close();
  },

  "closes when the session gets a new id, as at a login": async (world: ChatWorld) => {
    const { client, socket } = await login(world, "Ada");
    await send(client, "/login", { name: "Grace" });
    await expect.poll(() => socket.closed).toBe(world.over);
    (await world.connect(await client.cookie())).close();
  },

  "refuses everybody while there is no store, and leaves open what is open": async (world: ChatWorld) => {
    const { client, socket } = await login(world, "Ada");
    const cookie = await client.cookie();
    await withoutStore(world.database, async () => {
      await expect(world.connect(cookie)).rejects.toThrow(world.unavailable);
    });
    expect(socket.closed).toBeUndefined();
    for (const open of [socket, await world.connect(cookie)]) open.close();
  },

  "closes everywhere": async (world: ChatWorld) => {
    const [here, there] = [await login(world, "Cleo"), await login(world, "Cleo")];
    await send(here.client, "/logout-everywhere");
    for (const { socket } of [here, there]) await expect.poll(() => socket.closed).toBe(world.over);
  },
} satisfies Readonly<Record<string, (world: ChatWorld) => Promise<void>>>;

async function login(world: ChatWorld, name: string): Promise<{ client: Client; socket: Socket }> {
  const client = clientsOf(world.origin)();
  await send(client, "/login", { name });
  return { client, socket: await world.connect(await client.cookie()) };
}

async function send(client: Client, path: string, body: unknown = {}): Promise<void> {
  const response = await client.send(path, { method: "POST", body: JSON.stringify(body) });
  expect(response.status).toBe(200);
}
