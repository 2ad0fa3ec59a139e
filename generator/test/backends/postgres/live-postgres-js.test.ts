import { testMigrations } from "../sql/migrations.js";

testMigrations("postgres (postgres)");
