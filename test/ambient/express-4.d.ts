/** The part of Express that the tests use did not change with version 5. */
declare module "express-4" {
  export { default } from "express";
}
