-- Undoes 0002_add_by_user_id. Sessions in a table that is dropped are lost.

DROP INDEX "sessions_by_user_id";

ALTER TABLE "sessions" DROP COLUMN "by_user_id";
