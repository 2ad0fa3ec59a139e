import { testMigrations } from "../sql/migrations.js";

testMigrations("mariadb");
