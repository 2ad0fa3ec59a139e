import { defineHandler } from "nitro/h3";

export default defineHandler(({ context }) => ({ disabled: context.session.$isDisabled }));
