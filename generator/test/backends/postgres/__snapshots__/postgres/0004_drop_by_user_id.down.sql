-- Undoes 0004_drop_by_user_id. Sessions in a table that is dropped are lost.
SET LOCAL lock_timeout = '150ms';

ALTER TABLE "web"."sessions" ADD COLUMN "by_user_id" text;
CREATE INDEX "sessions_by_user_id" ON "web"."sessions" ("by_user_id", "id") WHERE "by_user_id" IS NOT NULL;
