import { sequence } from "astro:middleware";
import { csrf } from "./lib/csrf";
import { session } from "./session/astro";

export const onRequest = sequence(session(), csrf);
