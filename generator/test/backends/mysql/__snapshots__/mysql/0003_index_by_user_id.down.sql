-- Undoes 0003_index_by_user_id. Sessions in a table that is dropped are lost.

ALTER TABLE `sessions` DROP INDEX `by_user_id`, ALGORITHM = INPLACE, LOCK = NONE;
