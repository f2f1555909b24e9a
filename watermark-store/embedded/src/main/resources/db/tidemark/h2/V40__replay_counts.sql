-- How far a replay is, in events: of the total that were counted when it began, those up to after_position are done.
ALTER TABLE replay ADD COLUMN done BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE replay ADD COLUMN total BIGINT DEFAULT 0 NOT NULL;
