import express from "express-4";
import { testHost } from "../../../test/frameworks/suite.js";
import type { ExpressModule } from "../src/app.js";
import { hostOf } from "./host.js";

testHost(hostOf("Express 4", express as unknown as ExpressModule));
