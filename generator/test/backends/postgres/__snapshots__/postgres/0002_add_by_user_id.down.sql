-- Undoes 0002_add_by_user_id. Sessions in a table that is dropped are lost.
SET LOCAL lock_timeout = '150ms';

ALTER TABLE "web"."sessions" DROP COLUMN "by_user_id";
