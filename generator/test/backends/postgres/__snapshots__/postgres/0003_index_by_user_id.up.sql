-- 0003_index_by_user_id: written by sessgen. Once applied anywhere it is history: change the config and run `npx sessgen` for a new one.
-- sessgen: no transaction
-- CONCURRENTLY leaves the table open to readers and writers, and cannot run inside of a transaction.
-- Interrupted, it leaves an index that is marked INVALID. `npx sessgen migrate` builds it anew. By hand: DROP INDEX CONCURRENTLY, then again.

CREATE INDEX CONCURRENTLY IF NOT EXISTS "sessions_by_user_id" ON "web"."sessions" ("by_user_id", "id") WHERE "by_user_id" IS NOT NULL;
