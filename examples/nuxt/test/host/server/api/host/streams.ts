import { defineEventHandler } from "h3";
import { streams } from "../../utils/streams";

export default defineEventHandler(() => streams);
