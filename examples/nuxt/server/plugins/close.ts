import { defineNitroPlugin } from "nitropack/runtime";
import { sessions } from "../session";

// When the last request has been answered.
export default defineNitroPlugin(({ hooks }) => hooks.hook("close", () => sessions.close()));
