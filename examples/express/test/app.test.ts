import express from "express";
import { testHost } from "../../../test/frameworks/suite.js";
import { hostOf } from "./host.js";

testHost(hostOf("Express 5", express));
