-- 0002_add_by_user_id: written by sessgen. Once applied anywhere it is history: change the config and run `npx sessgen` for a new one.
-- "by_user_id": of sessions stored before, `npx sessgen migrate` fills it in, and until then they are not found by it.
-- Who waits for a lock makes all others wait that come later: rather give up soon. `npx sessgen migrate` tries again, after
-- pauses that grow.
SET LOCAL lock_timeout = '150ms';

ALTER TABLE "web"."sessions" ADD COLUMN "by_user_id" text;
