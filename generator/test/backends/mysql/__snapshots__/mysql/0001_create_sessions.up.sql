-- 0001_create_sessions: written by sessgen. Once applied anywhere it is history: change the config and run `npx sessgen` for a new one.

CREATE TABLE `sessions` (
  `id` VARBINARY(767) NOT NULL PRIMARY KEY,
  `payload` LONGBLOB NOT NULL,
  `version` BIGINT NOT NULL,
  `expires_at` BIGINT NOT NULL,
  INDEX `expires_at` (`expires_at`)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;
