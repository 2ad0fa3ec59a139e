import { testMigrations } from "./migrations.js";

testMigrations("mariadb");
