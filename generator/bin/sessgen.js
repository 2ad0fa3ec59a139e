#!/usr/bin/env node
// Not compiled: npm links commands when it installs, and in a fresh clone nothing is built by then.
import "../dist/bin.js";
