-- What autodiscover said, so that a start does not have to ask for everybody again.
CREATE TABLE whereabouts (
    mailbox  VARCHAR(20) PRIMARY KEY,
    url      VARCHAR(2048) NOT NULL,
    affinity VARCHAR(1024) NOT NULL,
    taken_at TIMESTAMP(9) WITH TIME ZONE NOT NULL
);
