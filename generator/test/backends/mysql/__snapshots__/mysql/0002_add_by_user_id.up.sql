-- 0002_add_by_user_id: written by sessgen. Once applied anywhere it is history: change the config and run `npx sessgen` for a new one.
-- `by_user_id`: of sessions stored before, `npx sessgen migrate` fills it in, and until then they are not found by it.

ALTER TABLE `sessions`
  ADD COLUMN `by_user_id` VARBINARY(255) NULL,
  ALGORITHM = INSTANT;
