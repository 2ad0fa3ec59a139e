-- 0004_rename_moved: written by sessgen. Once applied anywhere it is history: change the config and run `npx sessgen` for a new one.

-- Deploys that know only the old name fail from here on: put the new one in their place right afterwards.
RENAME TABLE `sessions` TO `moved`;
