import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startProxy, type TcpProxy } from "../hammer/proxy.js";
import { Random } from "../hammer/random.js";

const SEED = 20_261_201;
const CONNECTIONS = 100;
const PIECES = 200;

/** Numbers, so that one that is missing is seen. */
const said = Buffer.concat(Array.from({ length: PIECES }, (_, piece) => Buffer.from(`${piece};`)));

describe("the proxy", () => {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => {});
    void speak(socket);
  });
  let proxy: TcpProxy;

  async function speak(socket: Socket): Promise<void> {
    for (let piece = 0; piece < PIECES && !socket.destroyed; piece += 1) {
      socket.write(`${piece};`);
      await new Promise(setImmediate);
    }
    socket.end();
  }

  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    proxy = await startProxy(`tcp://127.0.0.1:${port}`, new Random(SEED));
  });
  afterAll(() => {
    proxy.close();
    server.close();
  });

  async function hear(): Promise<Buffer> {
    const socket = connect(Number(new URL(proxy.url).port), "127.0.0.1");
    socket.on("error", () => {});
    const heard: Buffer[] = [];
    socket.on("data", (bytes: Buffer) => heard.push(bytes));
    await once(socket, "close");
    return Buffer.concat(heard);
  }

  it("cuts a stream, and leaves nothing out of what it has passed on", async () => {
    const heard = await Promise.all(Array.from({ length: CONNECTIONS }, hear));
    expect(proxy.cuts, `seed ${SEED}`).toBeGreaterThan(10);
    for (const each of heard) {
      const begins = said.subarray(0, each.length).equals(each);
      expect(begins, `seed ${SEED}: ${each.toString().slice(-40)}`).toBe(true);
    }
  });
});
