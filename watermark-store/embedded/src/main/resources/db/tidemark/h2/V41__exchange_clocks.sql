-- How far each connection's Exchange was ahead of our clock when it was last read.
CREATE TABLE exchange_clock (
    connection  VARCHAR(256) PRIMARY KEY,
    least_milli BIGINT NOT NULL,
    most_milli  BIGINT NOT NULL
);
