package dev.tidemark.store.embedded;

import dev.tidemark.contract.KillContract;
import dev.tidemark.contract.StoreHome;
import dev.tidemark.store.WatermarkStore;
import java.nio.file.Path;
import java.time.Clock;

/// Kills a process that records callbacks in an embedded store.
final class KillTest extends KillContract {
    @Override
    protected Class<? extends StoreHome> home() {
        return ChildHome.class;
    }

    @Override
    protected String newStore(Path folder) {
        return folder.toString();
    }

    @Override
    protected int kills() {
        return 4;
    }

    /// Store of the process to be killed, and of the check after it.
    public static final class ChildHome implements StoreHome {
        private final EmbeddedHome home;

        public ChildHome(String folder) {
            this.home = new EmbeddedHome(Path.of(folder));
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
