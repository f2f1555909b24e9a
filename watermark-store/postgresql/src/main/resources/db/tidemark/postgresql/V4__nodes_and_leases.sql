-- Nodes of a cluster, and the leases of work that one node does at a time. All times are those of this server.

-- session: differs for each start of a node
-- alive_until: the node has died if it has not renewed by then
-- takes_work: false while the node starts or stops; only the others share the leases
CREATE TABLE cluster_node (
    name               text COLLATE "C" PRIMARY KEY,
    session            text COLLATE "C" NOT NULL,
    version            text NOT NULL,
    started_at         timestamptz NOT NULL,
    last_seen_at       timestamptz NOT NULL,
    alive_until        timestamptz NOT NULL,
    clock_offset_milli bigint NOT NULL,
    takes_work         boolean NOT NULL
) WITH (fillfactor = 50);

-- number: rises at each change of the owner; a change that carries an older one is refused
-- owner: session of the node that holds the lease
CREATE TABLE lease (
    resource     text COLLATE "C" PRIMARY KEY,
    number       bigint NOT NULL,
    owner        text COLLATE "C",
    leased_until timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Commands of operators for the holder of a lease, which removes them.
CREATE TABLE lease_command (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resource  text COLLATE "C" NOT NULL,
    command   text NOT NULL,
    posted_at timestamptz NOT NULL
);
