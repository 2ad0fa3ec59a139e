export { csrfToken, isCsrfToken } from "./csrf.js";
export { deviceOf } from "./devices.js";
export { type User, userNamed } from "./users.js";
