package dev.tidemark.contract;

import dev.tidemark.store.lease.LeaseStore;
import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;

/// Runs the suite of leases on the fake.
final class InMemoryLeasesTest extends LeaseStoreContract {
    private final SettableClock clock = new SettableClock();

    @Override
    protected LeaseStore emptyStore() {
        clock.advance(Duration.ofSeconds(1));
        return new InMemoryLeases(clock);
    }

    @Override
    protected void advance(Duration time) {
        clock.advance(time);
    }
}
