-- 0005_rename_moved: written by sessgen. Once applied anywhere it is history: change the config and run `npx sessgen` for a new one.
-- Who waits for a lock makes all others wait that come later: rather give up soon. `npx sessgen migrate` tries again, after
-- pauses that grow.
SET LOCAL lock_timeout = '150ms';

-- Deploys that know only the old name fail from here on: put the new one in their place right afterwards.
ALTER TABLE "web"."sessions" RENAME TO "moved";
ALTER INDEX "web"."sessions_expires_bucket" RENAME TO "moved_expires_bucket";

-- PostgreSQL writes the whole table anew for this, and nobody reads or writes it meanwhile.
ALTER TABLE "web"."moved" SET UNLOGGED;
