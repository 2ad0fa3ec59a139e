-- 0001_create_sessions: written by sessgen. Once applied anywhere it is history: change the config and run `npx sessgen` for a new one.

CREATE TABLE "sessions" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "payload" BLOB NOT NULL,
  "version" INTEGER NOT NULL,
  "expires_at" INTEGER NOT NULL,
  "by_user_id" TEXT
);
CREATE INDEX "sessions_expires_at" ON "sessions" ("expires_at");
CREATE INDEX "sessions_by_user_id" ON "sessions" ("by_user_id", "id") WHERE "by_user_id" IS NOT NULL;
