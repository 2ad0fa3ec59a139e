import { defineNuxtConfig } from "nuxt/config";

/** The routes of test/frameworks/host-cases.ts, and what else the tests ask for, as a layer. */
export default defineNuxtConfig({});
