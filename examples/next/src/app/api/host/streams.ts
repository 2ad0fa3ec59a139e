/** How many streams are open; kept by the process, for a route is a bundle of its own. */
export const streams: { open: number } = (Reflect.get(globalThis, "streams") as undefined) ?? { open: 0 };
Reflect.set(globalThis, "streams", streams);
