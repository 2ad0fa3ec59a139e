import type { Client, Response } from "memjs";
import { type CasToken, type Commands, type Item, refused, TIMEOUT } from "./client.js";

/** Opcodes and statuses of the binary protocol (protocol-binary.txt, sections 3.2 and 3.3). */
const GET = 0x00;
const ADD = 0x02;
const REPLACE = 0x03;
const DELETE = 0x04;
const OK = 0x0000;
const NOT_FOUND = 0x0001;
const EXISTS = 0x0002;
const NOT_STORED = 0x0005;
const ANSWERS: ReadonlyMap<number, string> = new Map([
  [0x0003, "too large"],
  [0x0008, "authentication"],
  [0x0020, "authentication"],
  [0x0082, "out of memory"],
]);

const HEADER = 24;

/** Marks a value as bytes for memcache-client, which may read the same items. */
const BYTES = 8;

/** What may follow the header of a request. */
interface Body {
  readonly value?: Buffer;
  /** Present where something is stored. */
  readonly exptime?: number;
  readonly token?: CasToken;
}

/**
 * The binary protocol, spoken by memjs. Its methods for single commands leave out the CAS token of
 * every message; `perform`, which they are built on, sends and returns whole messages.
 */
export class BinaryCommands implements Commands {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async get(key: string): Promise<Item | undefined> {
    const { header, val } = await this.#perform(GET, key, {});
    return header.status === OK ? { value: val, token: header.cas } : undefined;
  }

  add(key: string, value: Buffer, exptime: number): Promise<boolean> {
    return this.#done(ADD, key, { value, exptime });
  }

  replace(key: string, value: Buffer, exptime: number): Promise<boolean> {
    return this.#done(REPLACE, key, { value, exptime });
  }

  compareAndSet(key: string, value: Buffer, exptime: number, token: CasToken): Promise<boolean> {
    return this.#done(REPLACE, key, { value, exptime, token });
  }

  compareAndDelete(key: string, token: CasToken): Promise<boolean> {
    return this.#done(DELETE, key, { token });
  }

  close(): void {
    this.#client.close();
  }

  async #done(opcode: number, key: string, body: Body): Promise<boolean> {
    return (await this.#perform(opcode, key, body)).header.status === OK;
  }

  /** Sends a request once: what a repetition might do twice is for the store to judge. */
  #perform(opcode: number, key: string, body: Body): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.#client.incrSeq();
      const { seq } = this.#client;
      // memjs forgets what was under way when the server ends the connection in good order.
      const timer = setTimeout(() => reject(new Error("timed out: no answer from memjs")), TIMEOUT);
      const settle = (error: Error | null, response: Response): void => {
        clearTimeout(timer);
        if (error) return reject(error);
        const { status } = response.header;
        if ([OK, NOT_FOUND, EXISTS, NOT_STORED].includes(status)) return resolve(response);
        reject(refused(ANSWERS.get(status) ?? `status ${status}`));
      };
      this.#client.perform(key, encodeRequest(opcode, key, seq, body), seq, settle, 1);
    });
  }
}

/** Builds a request: header, extras (flags and expiry, where something is stored), key, value. */
function encodeRequest(opcode: number, key: string, opaque: number, body: Body): Buffer {
  const { value = Buffer.alloc(0), exptime, token } = body;
  const extras = exptime === undefined ? 0 : 8;
  const keyLength = Buffer.byteLength(key);
  const request = Buffer.alloc(HEADER + extras + keyLength + value.length);
  request.writeUInt8(0x80, 0);
  request.writeUInt8(opcode, 1);
  request.writeUInt16BE(keyLength, 2);
  request.writeUInt8(extras, 4);
  request.writeUInt32BE(request.length - HEADER, 8);
  request.writeUInt32BE(opaque, 12);
  if (token !== undefined) request.set(Buffer.from(token), 16);
  if (exptime !== undefined) {
    request.writeUInt32BE(BYTES, HEADER);
    request.writeUInt32BE(exptime, HEADER + 4);
  }
  request.write(key, HEADER + extras);
  request.set(value, HEADER + extras + keyLength);
  return request;
}
