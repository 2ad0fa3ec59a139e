import { testMigrations } from "./migrations.js";

testMigrations("postgres (postgres)");
