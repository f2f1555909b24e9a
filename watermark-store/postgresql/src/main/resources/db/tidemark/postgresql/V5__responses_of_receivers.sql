-- Response of the receiver to the last attempt, if it sent one. Empty in letters that an earlier version wrote.
ALTER TABLE dead_letter ADD COLUMN response_status bigint;
ALTER TABLE dead_letter ADD COLUMN response_body text;
