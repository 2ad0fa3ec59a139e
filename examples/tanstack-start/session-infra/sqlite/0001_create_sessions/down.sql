-- Undoes 0001_create_sessions. Sessions in a table that is dropped are lost.

DROP TABLE "sessions";
