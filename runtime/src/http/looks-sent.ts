import type { ServerResponse } from "node:http";

/** Of each prototype, the one that goes before it while a response is held back. */
const layers = new WeakMap<object, object>();
const ended = new WeakSet<ServerResponse>();

/**
 * Makes a response look as if its headers had been sent: `headersSent` says so, and headers can no longer be changed. All with one change
 * of its prototype, for what is added to the response itself gives it a shape of its own, which slows all that follows down.
 */
export function lookSent(response: ServerResponse): void {
  const prototype: object = Object.getPrototypeOf(response);
  const layer = layers.get(prototype) ?? layerBefore(prototype);
  layers.set(prototype, layer);
  Object.setPrototypeOf(response, layer);
}

/** From now on it also looks as if it had been ended. */
export function lookEnded(response: ServerResponse): void {
  ended.add(response);
}

/** Makes it look as it is again. */
export function lookAsItIs(response: ServerResponse): void {
  ended.delete(response);
  const layer: object = Object.getPrototypeOf(response);
  const prototype: object = Object.getPrototypeOf(layer);
  // Frameworks give responses prototypes of their own; one that did so meanwhile has undone it already.
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

/** The error Node itself throws in this case. */
export function headersSent(action: "write" | "set" | "remove"): Error {
  const message = `Cannot ${action} headers after they are sent to the client`;
  return Object.assign(new Error(message), { code: "ERR_HTTP_HEADERS_SENT" });
}
