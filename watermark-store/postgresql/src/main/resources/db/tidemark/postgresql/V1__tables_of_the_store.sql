-- Tables of a store. Times are never more exact than microseconds, numbers are bigint, and texts that are compared
-- have the collation "C", so that rows have the same order as in the embedded store.

-- Partitions of the mailboxes. A deployment of one node has partition 0 only.
-- owner_epoch: rises when a process opens the store, so that a process that lost it can no longer write
-- commits: number of the newest commit, shows whether a commit without a response is stored
-- mailboxes_to: the rows of the mailboxes include the journal up to this position
-- lease_owner, leased_until: for several nodes
CREATE TABLE store_partition (
    id              smallint PRIMARY KEY,
    owner_epoch     bigint NOT NULL,
    commits         bigint NOT NULL,
    newest_position bigint NOT NULL,
    pruned_to       bigint NOT NULL,
    mailboxes_to    bigint NOT NULL,
    lease_owner     text,
    leased_until    timestamptz
) WITH (fillfactor = 50);
INSERT INTO store_partition VALUES (0, 0, 0, 0, 0, 0, NULL, NULL);

CREATE TABLE store_instance (
    only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    name       text NOT NULL,
    token_key  text NOT NULL,
    created_at timestamptz NOT NULL,
    clean      boolean NOT NULL,
    sequence   bigint NOT NULL
);

CREATE TABLE mailbox (
    id        text COLLATE "C" PRIMARY KEY,
    partition smallint NOT NULL DEFAULT 0,
    address   text NOT NULL,
    body      bytea NOT NULL
) WITH (fillfactor = 70);

-- Events in the order of their positions; a row holds those of one commit, or a part of them.
-- day: days since 1970 of the recording, never lower than that of an earlier row; retention drops whole days
CREATE TABLE journal (
    partition   smallint NOT NULL,
    day         int NOT NULL,
    position    bigint NOT NULL,
    events      bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    body        bytea NOT NULL,
    PRIMARY KEY (partition, day, position)
) PARTITION BY LIST (day);
-- the bodies are packed already
ALTER TABLE journal ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE folder_state (
    mailbox  text COLLATE "C" NOT NULL,
    folder   text COLLATE "C" NOT NULL,
    state    text NOT NULL,
    taken_at timestamptz NOT NULL,
    complete boolean NOT NULL,
    PRIMARY KEY (mailbox, folder)
);
CREATE INDEX folder_state_by_age ON folder_state (taken_at, mailbox);

CREATE TABLE sink (
    name           text COLLATE "C" PRIMARY KEY,
    up_to          bigint NOT NULL,
    beyond         bytea NOT NULL,
    failing_since  timestamptz,
    disabled       boolean NOT NULL,
    until_operator boolean NOT NULL,
    last_error     text
) WITH (fillfactor = 50);

CREATE TABLE deferred (
    sink            text COLLATE "C" NOT NULL,
    position        bigint NOT NULL,
    lane            text COLLATE "C" NOT NULL,
    attempts        bigint NOT NULL,
    first_failed_at timestamptz,
    next_attempt_at timestamptz NOT NULL,
    overtaken       boolean NOT NULL,
    last_error      text,
    PRIMARY KEY (sink, position)
);
CREATE INDEX deferred_by_lane ON deferred (sink, lane, position);

-- recalled: waits to be sent again
CREATE TABLE dead_letter (
    id       text COLLATE "C" PRIMARY KEY,
    sink     text COLLATE "C" NOT NULL,
    reason   text NOT NULL,
    attempts bigint NOT NULL,
    died_at  timestamptz NOT NULL,
    event    bytea NOT NULL,
    recalled boolean NOT NULL
);
CREATE INDEX dead_letter_by_age ON dead_letter (died_at);

-- Details of the items that events are about, fetched after the event was journaled and never changed.
CREATE TABLE detail (
    position bigint PRIMARY KEY,
    body     bytea NOT NULL
);

-- Positions between which a group's events have a detail; open while it is configured so.
CREATE TABLE detail_span (
    group_name    text COLLATE "C" NOT NULL,
    from_position bigint NOT NULL,
    to_position   bigint,
    PRIMARY KEY (group_name, from_position)
);

-- Addresses that autodiscover returned.
CREATE TABLE whereabouts (
    mailbox  text COLLATE "C" PRIMARY KEY,
    url      text NOT NULL,
    affinity text NOT NULL,
    taken_at timestamptz NOT NULL
);

-- Replays in progress: the events after after_position are left.
CREATE TABLE replay (
    id             text COLLATE "C" PRIMARY KEY,
    sink           text NOT NULL,
    begun_at       timestamptz NOT NULL,
    after_position bigint NOT NULL,
    up_to          bigint NOT NULL,
    mailbox        text,
    type           text,
    rate           bigint NOT NULL,
    done           bigint NOT NULL,
    total          bigint NOT NULL
);

-- Offset of Exchange's clock, by connection.
CREATE TABLE exchange_clock (
    connection  text COLLATE "C" PRIMARY KEY,
    least_milli bigint NOT NULL,
    most_milli  bigint NOT NULL
);

-- Lower bound of the lead of Exchange's clock, by the times of each connection's events.
CREATE TABLE exchange_event_time (
    connection  text COLLATE "C" PRIMARY KEY,
    ahead_milli bigint NOT NULL
);
