-- Which rows of the write-ahead log beside this file still count: those of this epoch, from this generation on.
ALTER TABLE instance ADD COLUMN log_epoch BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE instance ADD COLUMN log_generation BIGINT DEFAULT 0 NOT NULL;
