package dev.tidemark.store.postgresql;

import dev.tidemark.contract.KillContract;
import dev.tidemark.contract.StoreHome;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.testpostgres.PostgresTestServer;
import java.nio.file.Path;
import java.time.Clock;

/// Kills a process that records callbacks in a store on PostgreSQL.
final class PostgresKillTest extends KillContract {
    @Override
    protected Class<? extends StoreHome> home() {
        return ChildHome.class;
    }

    @Override
    protected String newStore(Path folder) {
        return PostgresTestServer.newStore();
    }

    @Override
    protected int kills() {
        return 3;
    }

    /// Store of the process to be killed, and of the check after it.
    public static final class ChildHome implements StoreHome {
        private final PostgresHome home;

        public ChildHome(String url) {
            this.home = new PostgresHome(url);
        }

        @Override
        public WatermarkStore open(Clock clock) {
            return home.open(clock);
        }

        @Override
        public void cut(WatermarkStore store) {
            home.cut(store);
        }
    }
}
