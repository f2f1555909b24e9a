-- What events of groups with detail: message tell of their item, fetched after the event was journalled and never changed.
CREATE TABLE detail (
    position BIGINT PRIMARY KEY,
    body     VARBINARY(1048576) NOT NULL
);

-- From which position to which a group's events have a detail; open while it is configured so.
CREATE TABLE detail_span (
    group_name    VARCHAR(255) NOT NULL,
    from_position BIGINT NOT NULL,
    to_position   BIGINT,
    PRIMARY KEY (group_name, from_position)
);
