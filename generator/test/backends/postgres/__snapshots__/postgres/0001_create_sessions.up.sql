-- 0001_create_sessions: written by sessgen. Once applied anywhere it is history: change the config and run `npx sessgen` for a new one.

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'web') THEN
    CREATE SCHEMA "web";
  END IF;
END $$;

CREATE TABLE "web"."sessions" (
  "id" text COLLATE "C" NOT NULL PRIMARY KEY,
  "payload" bytea NOT NULL,
  "version" bigint NOT NULL,
  "expires_at" bigint NOT NULL
);
CREATE INDEX "sessions_expires_at" ON "web"."sessions" ("expires_at");
