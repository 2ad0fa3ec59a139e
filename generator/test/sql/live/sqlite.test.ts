import { testMigrations } from "./migrations.js";

testMigrations("sqlite");
