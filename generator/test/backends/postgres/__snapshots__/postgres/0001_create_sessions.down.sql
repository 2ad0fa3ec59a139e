-- Undoes 0001_create_sessions. Sessions in a table that is dropped are lost.
SET LOCAL lock_timeout = '150ms';

DROP TABLE "web"."sessions";
