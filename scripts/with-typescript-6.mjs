// `node --import ./scripts/with-typescript-6.mjs TOOL`: for tools that need the compiler API, which
// TypeScript 7 does not have. Whatever they import as `typescript` is the workspace's
// `typescript-6`.
import Module, { register } from "node:module";

const wanted = /^typescript(?=\/|$)/;
const resolveFilename = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) =>
  resolveFilename(request.replace(wanted, "typescript-6"), ...rest);

const hooks = `export const resolve = (specifier, context, next) =>
  next(specifier.replace(${wanted}, "typescript-6"), context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
