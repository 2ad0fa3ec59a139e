import { testHost } from "../../../test/frameworks/suite.js";
import { host } from "./host.js";

testHost(host);
