package dev.tidemark.watermark;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/// The contract, on H2.
final class H2StoreTest {
    @Nested
    final class OfIntake extends IntakeContract {
        @Override
        StoreHome home(Path folder) {
            return new H2Home(folder);
        }
    }

    @Nested
    final class OfLifecycle extends LifecycleContract {
        @Override
        StoreHome home(Path folder) {
            return new H2Home(folder);
        }
    }

    @Nested
    final class OfResync extends ResyncContract {
        @Override
        StoreHome home(Path folder) {
            return new H2Home(folder);
        }
    }

    @Nested
    final class OfFallback extends FallbackContract {
        @Override
        StoreHome home(Path folder) {
            return new H2Home(folder);
        }
    }

    @Nested
    final class OfJournal extends JournalContract {
        @Override
        StoreHome home(Path folder) {
            return new H2Home(folder);
        }
    }

    @Nested
    final class OfDeliveries extends DeliveriesContract {
        @Override
        StoreHome home(Path folder) {
            return new H2Home(folder);
        }
    }
}
