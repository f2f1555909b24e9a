package dev.tidemark.store.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.interleaving.ThreadSchedules;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.engine.JournalQueries;
import dev.tidemark.store.engine.UnitOfWork;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Runs units of work of two threads, a failure of the disk and a reader under many schedules.
final class StateInterleavingTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-29T09:00:00Z"), ZoneOffset.UTC);

    @Test
    void an_event_is_visible_only_after_its_commit_and_none_has_a_number_twice() {
        ThreadSchedules.explore(() -> {
            var work = new Work();
            var state = new CommittedState(
                    work,
                    CLOCK,
                    new DeduplicationCache(new BackwardJournalReader(new NoJournal())),
                    new FolderNameCache(),
                    new Change.InstanceSaved("gw1", "key", CLOCK.instant(), true, 0));
            ThreadSchedules.together(() -> append(state, 2), () -> append(state, 2), () -> {
                for (var look = 0; look < 4; look++) {
                    var seen = state.arrivals().end();
                    assertThat(seen).isLessThanOrEqualTo(work.committed.get());
                }
            });
            assertThat(work.committed.get()).isEqualTo(4);
            state.change(
                    changeSet -> assertThat(changeSet.instance().sequence()).isEqualTo(4));
        });
    }

    /// Appends events, each again until the store accepts it.
    private static void append(CommittedState state, int count) {
        for (var left = count; left > 0; ) {
            try {
                state.change(changeSet -> {
                    changeSet.appendInstanceEvent("gw1", "dev.tidemark.ping", Map.of());
                    return changeSet;
                });
                left--;
            } catch (StoreException expected) {
                assertThat(expected).hasMessage("The disk is full; make room.");
            }
        }
    }

    /// Unit of work whose second commit fails.
    private static final class Work implements UnitOfWork {
        final AtomicLong committed = new AtomicLong();
        private final AtomicLong commits = new AtomicLong();
        private volatile boolean failed;

        @Override
        public void commit(List<Change> changes, Instant at) {
            if (commits.incrementAndGet() == 2) {
                failed = true;
                throw new StoreException("The disk is full; make room.");
            }
            assertThat(failed).isFalse();
            changes.stream()
                    .filter(Change.JournalAppended.class::isInstance)
                    .map(Change.JournalAppended.class::cast)
                    .forEach(appended -> {
                        assertThat(appended.row().position()).isEqualTo(committed.get() + 1);
                        committed.addAndGet(appended.row().events());
                    });
        }

        @Override
        public boolean hasFailed() {
            return failed;
        }

        @Override
        public boolean repair() {
            failed = false;
            return false;
        }
    }

    private static final class NoJournal implements JournalQueries {
        @Override
        public Optional<Row> holding(long place) {
            return Optional.empty();
        }

        @Override
        public List<Row> from(long place, int events) {
            return List.of();
        }

        @Override
        public List<Extent> oldest(int most) {
            return List.of();
        }

        @Override
        public Optional<Extent> newest() {
            return Optional.empty();
        }

        @Override
        public Optional<Extent> firstBy(Instant now, Extent before) {
            return Optional.empty();
        }

        @Override
        public long newestPosition() {
            return 0;
        }
    }
}
