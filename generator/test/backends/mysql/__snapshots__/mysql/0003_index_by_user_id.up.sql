-- 0003_index_by_user_id: written by sessgen. Once applied anywhere it is history: change the config and run `npx sessgen` for a new one.

ALTER TABLE `sessions` ADD INDEX `by_user_id` (`by_user_id`), ALGORITHM = INPLACE, LOCK = NONE;
