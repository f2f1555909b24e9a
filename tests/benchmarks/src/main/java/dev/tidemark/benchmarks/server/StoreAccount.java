package dev.tidemark.benchmarks.server;

import dev.tidemark.store.embedded.StoreFactory;
import java.nio.file.Path;
import java.time.Clock;

/// Process that reads the store of a stopped daemon as a restart would. Prints the counts of pushed events
/// since the store was prepared.
final class StoreAccount {
    private StoreAccount() {}

    /// Argument: the folder.
    public static void main(String[] arguments) {
        try (var store = StoreFactory.open(BenchmarkStores.embedded(Path.of(arguments[0])), Clock.systemUTC())) {
            // a prepared store has none
            var found = JournalCounts.pushed(store.journal());
            var duplicates = found.events() - found.distinct();
            System.out.println(
                    BenchmarkJsonCodec.line(new MeasuredServer.Account(found.events(), duplicates, found.gaps())));
            System.out.flush();
        }
        System.exit(0);
    }
}
