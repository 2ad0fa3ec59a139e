import type { ServerResponse } from "node:http";

/**
 * Makes a response look as if its headers had been sent: `headersSent` says so, and headers can no
 * longer be changed. Node asks the field `_header` for that, in every version we support. To change
 * the response's prototype instead costs more than all else a session does: Node's own code then
 * meets responses of too many shapes for V8 to go on with what it has compiled.
 */
export function lookSent(response: ServerResponse): void {
  if (!isHttp1(response)) wear(response);
  // Headers that were really sent, before a session that came late, need no pretending, and no
  // undoing.
  else if (response._header === null) response._header = PRETENDED;
}

/** Makes it look, from now on, as if it had been ended, too. */
export function lookEnded(response: ServerResponse): void {
  if (!isHttp1(response)) ended.add(response);
  // The field `finished` is not touched: Node closes connections by it, and hands them to the next
  // response.
  else if (response._header === PRETENDED) Object.defineProperty(response, "writableEnded", endedOrHeld);
}

/** Makes it look as it is again. */
export function lookAsItIs(response: ServerResponse): void {
  if (!isHttp1(response)) takeOff(response);
  else if (response._header === PRETENDED) response._header = null;
}

/**
 * In the place of a response's head. Who has kept the original `write` or `end`, and calls it,
 * finds out that it is too late.
 */
const PRETENDED: { toString(): string } = {
  toString(): never {
    throw headersSent("write");
  },
};

/**
 * It stays on the response, where it does no harm: to delete a property is dearer than all else
 * here.
 */
const endedOrHeld: PropertyDescriptor = {
  configurable: true,
  get(this: Http1Response): boolean {
    return this._header === PRETENDED || this.finished;
  },
};

/** What a response of node:http keeps of itself (lib/_http_outgoing.js). */
interface Http1Response extends ServerResponse {
  _header: string | { toString(): string } | null;
}

/** Tells whether it is one of node:http. Those of HTTP/2 only have its methods. */
export function isHttp1(response: ServerResponse): response is Http1Response {
  return Object.hasOwn(response, "_header");
}

/**
 * For all other responses, of each prototype the one that goes before it while one of them is held
 * back.
 */
const layers = new WeakMap<object, object>();
const ended = new WeakSet<ServerResponse>();

function wear(response: ServerResponse): void {
  const prototype: object = Object.getPrototypeOf(response);
  const layer = layers.get(prototype) ?? layerBefore(prototype);
  layers.set(prototype, layer);
  Object.setPrototypeOf(response, layer);
}

function takeOff(response: ServerResponse): void {
  ended.delete(response);
  const layer: object = Object.getPrototypeOf(response);
  const prototype: object = Object.getPrototypeOf(layer);
  // Frameworks give responses prototypes of their own; one that did so meanwhile has undone it
  // already.
  if (layers.get(prototype) === layer) Object.setPrototypeOf(response, prototype);
}

function layerBefore(prototype: object): object {
  const refuse = (action: "set" | "remove"): PropertyDescriptor => ({
    configurable: true,
    writable: true,
    value: () => {
      throw headersSent(action);
    },
  });
  return Object.create(prototype, {
    headersSent: { configurable: true, get: () => true },
    writableEnded: {
      configurable: true,
      get(this: ServerResponse): boolean {
        return ended.has(this) || Reflect.get(prototype, "writableEnded", this);
      },
    },
    setHeader: refuse("set"),
    appendHeader: refuse("set"),
    removeHeader: refuse("remove"),
  });
}

/** Gives the error Node itself throws in this case. */
export function headersSent(action: "write" | "set" | "remove"): Error {
  const message = `Cannot ${action} headers after they are sent to the client`;
  return Object.assign(new Error(message), { code: "ERR_HTTP_HEADERS_SENT" });
}
