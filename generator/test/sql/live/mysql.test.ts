import { testMigrations } from "./migrations.js";

testMigrations("mysql");
