import { testHost } from "../../../test/frameworks/suite.js";
import { fastifyHost } from "./host";

testHost(fastifyHost);
