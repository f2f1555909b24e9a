package dev.tidemark.store.postgresql;

import dev.tidemark.contract.CallbackSourcesContract;
import dev.tidemark.contract.EventTimesContract;
import dev.tidemark.contract.ExchangeOffsetsContract;
import dev.tidemark.contract.StoreHome;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/// All suites on PostgreSQL, including those for what each process measures itself.
abstract class ProcessSuites extends PostgresSuites {
    @Nested
    final class OfCallers extends CallbackSourcesContract {
        @Override
        protected StoreHome home(Path folder) {
            return emptied(getClass());
        }
    }

    @Nested
    final class OfOffsets extends ExchangeOffsetsContract {
        @Override
        protected StoreHome home(Path folder) {
            return emptied(getClass());
        }
    }

    @Nested
    final class OfEventTimes extends EventTimesContract {
        @Override
        protected StoreHome home(Path folder) {
            return emptied(getClass());
        }
    }
}
