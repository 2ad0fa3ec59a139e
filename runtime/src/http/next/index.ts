export type { ReadonlySessionOf, ReadonlyValue } from "../../session/state/read-only.js";
export type { NextCookies } from "./cookies.js";
export type { NextHeaders } from "./facts.js";
export { type NextProxyWork, type NextResponses, nextProxy } from "./proxy.js";
export { type NextFunctions, type NextRouteOptions, type NextServer, nextServer } from "./server.js";
