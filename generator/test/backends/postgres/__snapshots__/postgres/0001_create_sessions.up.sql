-- 0001_create_sessions: written by sessgen. Once applied anywhere it is history: change the config and run `npx sessgen` for a new one.

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'web') THEN
    CREATE SCHEMA "web";
  END IF;
END $$;

-- A request mostly changes the payload and the expiry, which are in no index: with room on the page, PostgreSQL writes the new form of a row
-- beside the old one and leaves the indexes alone. Expired sessions are found by steps of ten minutes, which seldom change.
CREATE TABLE "web"."sessions" (
  "id" text COLLATE "C" NOT NULL PRIMARY KEY,
  "payload" bytea NOT NULL,
  "version" bigint NOT NULL,
  "expires_at" bigint NOT NULL,
  "expires_bucket" bigint NOT NULL GENERATED ALWAYS AS (expires_at / 600000) STORED
) WITH (
  fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.02
);
CREATE INDEX "sessions_expires_bucket" ON "web"."sessions" ("expires_bucket");
