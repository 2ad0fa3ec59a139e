-- Undoes 0005_rename_moved. Sessions in a table that is dropped are lost.
SET LOCAL lock_timeout = '150ms';

ALTER TABLE "web"."moved" SET LOGGED;

ALTER INDEX "web"."moved_expires_bucket" RENAME TO "sessions_expires_bucket";
ALTER TABLE "web"."moved" RENAME TO "sessions";
