-- One row, id 1: what is fixed at the first start, and how far the mailbox rows have caught up with the journal.
CREATE TABLE instance (
    id            INT PRIMARY KEY,
    name          VARCHAR(255) NOT NULL,
    token_key     VARCHAR(255) NOT NULL,
    created_at    TIMESTAMP(9) WITH TIME ZONE NOT NULL,
    clean         BOOLEAN NOT NULL,
    sequence      BIGINT NOT NULL,
    fold_position BIGINT NOT NULL,
    end_position  BIGINT NOT NULL
);

-- One row a mailbox that was ever enrolled. The body is versioned binary and says up to which position it is true.
CREATE TABLE mailbox (
    id      VARCHAR(20) PRIMARY KEY,
    address VARCHAR(512) NOT NULL UNIQUE,
    body    VARBINARY(65536) NOT NULL
);

-- One row a group commit, keyed by the position of its first event; appended to and cut off at the old end, nothing else.
CREATE TABLE journal (
    position    BIGINT PRIMARY KEY,
    events      INT NOT NULL,
    recorded_at BIGINT NOT NULL,
    body        VARBINARY(1048576) NOT NULL
);

CREATE TABLE folder_state (
    mailbox  VARCHAR(20) NOT NULL,
    folder   VARCHAR(1024) NOT NULL,
    state    CLOB NOT NULL,
    taken_at TIMESTAMP(9) WITH TIME ZONE NOT NULL,
    complete BOOLEAN NOT NULL,
    PRIMARY KEY (mailbox, folder)
);

CREATE TABLE sink (
    name           VARCHAR(255) PRIMARY KEY,
    up_to          BIGINT NOT NULL,
    beyond         VARBINARY(1048576) NOT NULL,
    failing_since  TIMESTAMP(9) WITH TIME ZONE,
    disabled       BOOLEAN DEFAULT FALSE NOT NULL,
    until_operator BOOLEAN DEFAULT FALSE NOT NULL,
    last_error     VARCHAR(4096)
);

CREATE TABLE deferred (
    sink            VARCHAR(255) NOT NULL,
    position        BIGINT NOT NULL,
    lane            VARCHAR(255) NOT NULL,
    attempts        INT NOT NULL,
    first_failed_at TIMESTAMP(9) WITH TIME ZONE,
    next_attempt_at TIMESTAMP(9) WITH TIME ZONE NOT NULL,
    overtaken       BOOLEAN NOT NULL,
    last_error      VARCHAR(4096),
    PRIMARY KEY (sink, position)
);
CREATE INDEX deferred_by_lane ON deferred (sink, lane, position);

CREATE TABLE dead_letter (
    id       VARCHAR(255) PRIMARY KEY,
    sink     VARCHAR(255) NOT NULL,
    reason   VARCHAR(4096) NOT NULL,
    attempts INT NOT NULL,
    died_at  TIMESTAMP(9) WITH TIME ZONE NOT NULL,
    event    VARBINARY(1048576) NOT NULL
);
CREATE INDEX dead_letter_by_age ON dead_letter (died_at);
