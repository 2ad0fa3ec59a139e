-- 0005_drop_by_user_id: written by sessgen. Once applied anywhere it is history: change the config and run `npx sessgen` for a new one.
-- sessgen: after deploy
-- Deploys made before this change still write what is dropped here, and would fail. `npx sessgen migrate` leaves it out
-- until --after-deploy says that none of them runs any more.

ALTER TABLE `moved`
  DROP INDEX `by_user_id`,
  DROP COLUMN `by_user_id`,
  ALGORITHM = INPLACE, LOCK = NONE;
