-- How far Exchange's clock was ahead of ours at least, by the times of each connection's events.
CREATE TABLE exchange_event_time (
    connection  VARCHAR(256) PRIMARY KEY,
    ahead_milli BIGINT NOT NULL
);
