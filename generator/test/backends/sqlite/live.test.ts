import { testMigrations } from "../sql/migrations.js";

testMigrations("sqlite");
