package dev.tidemark.store.embedded;

import dev.tidemark.contract.CallbackSourcesContract;
import dev.tidemark.contract.DeliveryStoreContract;
import dev.tidemark.contract.EventTimesContract;
import dev.tidemark.contract.ExchangeOffsetsContract;
import dev.tidemark.contract.FallbackContract;
import dev.tidemark.contract.ForgettingContract;
import dev.tidemark.contract.IntakeContract;
import dev.tidemark.contract.ItemDetailStoreContract;
import dev.tidemark.contract.JournalContract;
import dev.tidemark.contract.LifecycleContract;
import dev.tidemark.contract.MailboxLocationStoreContract;
import dev.tidemark.contract.MailboxRegistryContract;
import dev.tidemark.contract.ReplayStoreContract;
import dev.tidemark.contract.ResyncContract;
import dev.tidemark.contract.SetBackClockContract;
import dev.tidemark.contract.StoreHome;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/// Runs all suites on the embedded store.
final class EmbeddedStoreTest {
    @Nested
    final class OfMailboxes extends MailboxRegistryContract {
        @Override
        protected StoreHome home(Path folder) {
            return new EmbeddedHome(folder);
        }
    }

    @Nested
    final class OfForgetting extends ForgettingContract {
        @Override
        protected StoreHome home(Path folder) {
            return new EmbeddedHome(folder);
        }
    }

    @Nested
    final class OfIntake extends IntakeContract {
        @Override
        protected StoreHome home(Path folder) {
            return new EmbeddedHome(folder);
        }
    }

    @Nested
    final class OfLifecycle extends LifecycleContract {
        @Override
        protected StoreHome home(Path folder) {
            return new EmbeddedHome(folder);
        }
    }

    @Nested
    final class OfCallers extends CallbackSourcesContract {
        @Override
        protected StoreHome home(Path folder) {
            return new EmbeddedHome(folder);
        }
    }

    @Nested
    final class OfResync extends ResyncContract {
        @Override
        protected StoreHome home(Path folder) {
            return new EmbeddedHome(folder);
        }
    }

    @Nested
    final class OfFallback extends FallbackContract {
        @Override
        protected StoreHome home(Path folder) {
            return new EmbeddedHome(folder);
        }
    }

    @Nested
    final class OfJournal extends JournalContract {
        @Override
        protected StoreHome home(Path folder) {
            return new EmbeddedHome(folder);
        }
    }

    @Nested
    final class OfDeliveries extends DeliveryStoreContract {
        @Override
        protected StoreHome home(Path folder) {
            return new EmbeddedHome(folder);
        }
    }

    @Nested
    final class OfReplays extends ReplayStoreContract {
        @Override
        protected StoreHome home(Path folder) {
            return new EmbeddedHome(folder);
        }
    }

    @Nested
    final class OfDetails extends ItemDetailStoreContract {
        @Override
        protected StoreHome home(Path folder) {
            return new EmbeddedHome(folder);
        }
    }

    @Nested
    final class OfWhereabouts extends MailboxLocationStoreContract {
        @Override
        protected StoreHome home(Path folder) {
            return new EmbeddedHome(folder);
        }
    }

    @Nested
    final class OfOffsets extends ExchangeOffsetsContract {
        @Override
        protected StoreHome home(Path folder) {
            return new EmbeddedHome(folder);
        }
    }

    @Nested
    final class OfEventTimes extends EventTimesContract {
        @Override
        protected StoreHome home(Path folder) {
            return new EmbeddedHome(folder);
        }
    }

    @Nested
    final class OfSetBackClock extends SetBackClockContract {
        @Override
        protected StoreHome home(Path folder) {
            return new EmbeddedHome(folder);
        }
    }
}
