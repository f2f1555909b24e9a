-- Whose states grow old is asked for again and again.
CREATE INDEX folder_state_by_age ON folder_state (taken_at, mailbox);
