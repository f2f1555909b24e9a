-- Tables of the index, which is made from the log at each start.
CREATE TABLE folder_state (
    mailbox  VARCHAR(20) NOT NULL,
    folder   VARCHAR(1024) NOT NULL,
    state    VARCHAR NOT NULL,
    taken_at TIMESTAMP(9) WITH TIME ZONE NOT NULL,
    complete BOOLEAN NOT NULL,
    PRIMARY KEY (mailbox, folder)
);
CREATE INDEX folder_state_by_age ON folder_state (taken_at, mailbox);

CREATE TABLE sink (
    name           VARCHAR(255) PRIMARY KEY,
    up_to          BIGINT NOT NULL,
    beyond         VARBINARY(1048576) NOT NULL,
    failing_since  TIMESTAMP(9) WITH TIME ZONE,
    disabled       BOOLEAN NOT NULL,
    until_operator BOOLEAN NOT NULL,
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

-- recalled: waits to be sent again
-- response_status, response_body: response of the receiver to the last attempt, if it sent one
CREATE TABLE dead_letter (
    id       VARCHAR(255) PRIMARY KEY,
    sink     VARCHAR(255) NOT NULL,
    reason   VARCHAR(4096) NOT NULL,
    attempts INT NOT NULL,
    died_at  TIMESTAMP(9) WITH TIME ZONE NOT NULL,
    event    VARBINARY(1048576) NOT NULL,
    recalled BOOLEAN NOT NULL,
    response_status INT,
    response_body   VARCHAR(4096)
);
CREATE INDEX dead_letter_by_age ON dead_letter (died_at);
CREATE INDEX dead_letter_by_sink ON dead_letter (sink);

-- Details of the items that events are about, fetched after the event was journaled and never changed.
CREATE TABLE detail (
    position BIGINT PRIMARY KEY,
    body     VARBINARY(1048576) NOT NULL
);

-- Positions between which a group's events have a detail; open while it is configured so.
CREATE TABLE detail_span (
    group_name    VARCHAR(255) NOT NULL,
    from_position BIGINT NOT NULL,
    to_position   BIGINT,
    PRIMARY KEY (group_name, from_position)
);

-- Addresses that autodiscover returned.
CREATE TABLE whereabouts (
    mailbox  VARCHAR(20) PRIMARY KEY,
    url      VARCHAR(2048) NOT NULL,
    affinity VARCHAR(1024) NOT NULL,
    taken_at TIMESTAMP(9) WITH TIME ZONE NOT NULL
);

-- Replays under way: the events after after_position are left.
CREATE TABLE replay (
    id             VARCHAR(255) PRIMARY KEY,
    sink           VARCHAR(255) NOT NULL,
    begun_at       TIMESTAMP(9) WITH TIME ZONE NOT NULL,
    after_position BIGINT NOT NULL,
    up_to          BIGINT NOT NULL,
    mailbox        VARCHAR(20),
    type           VARCHAR(1024),
    rate           INT NOT NULL,
    done           BIGINT NOT NULL,
    total          BIGINT NOT NULL
);

-- Offset of Exchange's clock, by connection.
CREATE TABLE exchange_clock (
    connection  VARCHAR(256) PRIMARY KEY,
    least_milli BIGINT NOT NULL,
    most_milli  BIGINT NOT NULL
);

-- Lower bound of the lead of Exchange's clock, by the times of each connection's events.
CREATE TABLE exchange_event_time (
    connection  VARCHAR(256) PRIMARY KEY,
    ahead_milli BIGINT NOT NULL
);

-- Gone once the database was closed.
CREATE GLOBAL TEMPORARY TABLE opened (mark INT);
