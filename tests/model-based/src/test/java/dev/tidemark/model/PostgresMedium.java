package dev.tidemark.model;

import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.postgresql.SteppedPostgresStore;
import dev.tidemark.testpostgres.PostgresTestServer;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Schema of a real PostgreSQL. A kill ends the sessions of the store. Not thread-safe; used by one history.
final class PostgresMedium implements StoreMedium {
    private static final int POOL = 2;

    /// A reference, so that the level stays.
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    static {
        // it logs each new schema
        FLYWAY.setLevel(Level.WARNING);
    }

    private final String url = PostgresTestServer.newStore();
    private boolean isNew = true;
    private Runnable abandon = () -> {};

    @Override
    public Opened open(Clock clock, Duration margin, Random ids) {
        var config = new StoreConfig(url, "", "", "gw1", true, 0, margin, POOL);
        var opened = SteppedPostgresStore.open(config, clock, ids, CoreSettings.CONNECTION, isNew);
        isNew = false;
        abandon = opened.abandon();
        return new Opened(opened.store(), opened.fold());
    }

    @Override
    public void kill() {
        abandon.run();
        abandon = () -> {};
    }
}
