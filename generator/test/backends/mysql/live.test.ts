import { testMigrations } from "../sql/migrations.js";

testMigrations("mysql");
