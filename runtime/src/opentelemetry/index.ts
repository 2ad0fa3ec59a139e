export { type InstrumentationOptions, instrumentSessions } from "./instrument.js";
