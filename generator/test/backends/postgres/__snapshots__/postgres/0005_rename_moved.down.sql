-- Undoes 0005_rename_moved. Sessions in a table that is dropped are lost.
SET LOCAL lock_timeout = '2s';

ALTER TABLE "web"."moved" SET LOGGED;

ALTER INDEX "web"."moved_expires_at" RENAME TO "sessions_expires_at";
ALTER TABLE "web"."moved" RENAME TO "sessions";
