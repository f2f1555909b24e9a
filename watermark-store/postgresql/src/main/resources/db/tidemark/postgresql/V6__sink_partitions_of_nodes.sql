-- sink_partitions: number of parts of each sink's mailboxes; only nodes with the same number work together
ALTER TABLE cluster_node ADD COLUMN sink_partitions int NOT NULL DEFAULT 1;
