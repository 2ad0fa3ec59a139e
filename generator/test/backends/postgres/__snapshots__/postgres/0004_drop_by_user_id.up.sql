-- 0004_drop_by_user_id: written by sessgen. Once applied anywhere it is history: change the config and run `npx sessgen` for a new one.
-- sessgen: after deploy
-- Deploys made before this change still write what is dropped here, and would fail. `npx sessgen migrate` leaves it out
-- until --after-deploy says that none of them runs any more.
-- Who waits for a lock makes all others wait that come later: rather give up soon. `npx sessgen migrate` tries again, after
-- pauses that grow.
SET LOCAL lock_timeout = '150ms';

-- The index goes with the column.
ALTER TABLE "web"."sessions" DROP COLUMN "by_user_id";
