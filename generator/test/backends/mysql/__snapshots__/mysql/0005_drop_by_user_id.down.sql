-- Undoes 0005_drop_by_user_id. Sessions in a table that is dropped are lost.

ALTER TABLE `moved`
  ADD COLUMN `by_user_id` VARBINARY(255) NULL,
  ADD INDEX `by_user_id` (`by_user_id`),
  ALGORITHM = INPLACE, LOCK = NONE;
