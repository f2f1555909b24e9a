-- Commits of several nodes in order, for the memory of the other nodes; kept for some minutes. A process that uses the
-- store alone adds none.
-- node: name and opening of the node that committed
-- newest_position: position of the newest event after the commit
-- day: partition of the journal that has the events of the commit, if it has any
-- body: changes of rows that the nodes have in memory
CREATE TABLE commit_log (
    partition       smallint NOT NULL,
    number          bigint NOT NULL,
    node            text NOT NULL,
    committed_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    newest_position bigint NOT NULL,
    day             int,
    body            bytea NOT NULL,
    PRIMARY KEY (partition, number)
);
-- the bodies are packed already
ALTER TABLE commit_log ALTER COLUMN body SET STORAGE EXTERNAL;
