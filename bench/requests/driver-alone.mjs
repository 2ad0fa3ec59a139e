import { Redis } from "ioredis";

const payload = Buffer.alloc(200, "s");
const write = "return redis.call('set', KEYS[1], ARGV[1], 'px', 1800000)";

/**
 * What a session over Redis costs at the least: the commands of ioredis for a request, those of one
 * turn of the event loop in one packet, and neither a cookie, nor a session, nor a lock, nor a
 * deadline. No library that leaves it to ioredis to write its commands can cost less.
 */
export async function driverAlone(url) {
  const client = new Redis(url);
  const hash = await client.script("LOAD", write);
  let corked = false;
  const together = () => {
    if (corked) return;
    corked = true;
    const { stream } = client;
    stream.cork();
    setImmediate(() => {
      corked = false;
      stream.uncork();
    });
  };
  let key = 0;
  return async (request) => {
    key = (key + 1) % 100;
    const name = `alone:${key}`;
    together();
    await client.getBuffer(name);
    if (request.url !== "/write") return;
    together();
    await client.evalshaBuffer(hash, 1, name, payload);
  };
}
