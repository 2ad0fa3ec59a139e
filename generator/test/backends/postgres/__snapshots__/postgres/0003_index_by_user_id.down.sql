-- Undoes 0003_index_by_user_id. Sessions in a table that is dropped are lost.
-- sessgen: no transaction

DROP INDEX CONCURRENTLY IF EXISTS "web"."sessions_by_user_id";
