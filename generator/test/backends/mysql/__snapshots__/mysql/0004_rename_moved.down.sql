-- Undoes 0004_rename_moved. Sessions in a table that is dropped are lost.

RENAME TABLE `moved` TO `sessions`;
