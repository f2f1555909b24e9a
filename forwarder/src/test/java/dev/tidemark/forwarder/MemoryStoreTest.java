package dev.tidemark.forwarder;

import dev.tidemark.contract.DeliveryStoreContract;
import dev.tidemark.contract.JournalContract;
import dev.tidemark.contract.ReplayStoreContract;
import dev.tidemark.contract.StoreHome;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.MailboxId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/// Runs the suites for the ports that [MemoryStore] has.
final class MemoryStoreTest {
    @Nested
    final class OfJournal extends JournalContract {
        @Override
        protected StoreHome home(Path folder) {
            return new MemoryHome();
        }
    }

    @Nested
    final class OfDeliveries extends DeliveryStoreContract {
        @Override
        protected Optional<String> indivisible() {
            return Optional.of("Tests of partitions use a real store.");
        }

        @Override
        protected StoreHome home(Path folder) {
            return new MemoryHome();
        }
    }

    @Nested
    final class OfReplays extends ReplayStoreContract {
        @Override
        protected StoreHome home(Path folder) {
            return new MemoryHome();
        }
    }

    /// One store for a whole test: its memory counts as the disk.
    private static final class MemoryHome implements StoreHome {
        private Optional<MemoryStore> store = Optional.empty();

        @Override
        public WatermarkStore open(Clock clock) {
            var opened = store.orElseGet(() -> new MemoryStore(clock)).reopened();
            store = Optional.of(opened);
            return opened;
        }

        @Override
        public void cut(WatermarkStore cut) {
            cut.close();
        }

        @Override
        public MailboxId mailbox(WatermarkStore opened) {
            return TestEvents.ADA.id();
        }

        @Override
        public void receive(WatermarkStore opened, MailboxId mailbox, Instant now) {
            store.orElseThrow().receive(TestEvents.ADA);
        }
    }
}
