import { testHost } from "../../../test/frameworks/suite.js";
import { host } from "./host";

testHost(host);
