-- One row a replay that is under way: what is left of it lies after after_position.
CREATE TABLE replay (
    id             VARCHAR(255) PRIMARY KEY,
    sink           VARCHAR(255) NOT NULL,
    begun_at       TIMESTAMP(9) WITH TIME ZONE NOT NULL,
    after_position BIGINT NOT NULL,
    up_to          BIGINT NOT NULL,
    mailbox        VARCHAR(20),
    type           VARCHAR(1024),
    rate           INT NOT NULL
);

-- A dead letter that an operator wants sent once more.
ALTER TABLE dead_letter ADD COLUMN recalled BOOLEAN DEFAULT FALSE NOT NULL;
