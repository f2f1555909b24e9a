package dev.tidemark.store.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.engine.JournalQueries;
import dev.tidemark.store.engine.UnitOfWork;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Drops all memory of a change that fails in the middle.
final class CommittedStateTest {
    private static final Instant NOW = Instant.parse("2026-11-29T09:00:00Z");
    private static final String STOPPED =
            "The store stopped because of an unexpected error in the middle of a change; restart Tidemark.";

    private final List<Change> committed = new ArrayList<>();
    private Optional<Error> afterCommit = Optional.empty();
    private Optional<StoreException> lostAnswer = Optional.empty();
    private boolean isStored;
    private final CommittedState state = new CommittedState(
            new Work(),
            Clock.systemUTC(),
            new DeduplicationCache(new BackwardJournalReader(new NoJournal())),
            new FolderNameCache(),
            new Change.InstanceSaved("gw1", "key", NOW, true, 7));

    private void change() {
        state.change(changeSet -> {
            changeSet.add(new Change.ReplayRemoved("rpl_1"));
            return changeSet;
        });
    }

    @Test
    void an_error_after_the_commit_stops_the_store() {
        change();
        afterCommit = Optional.of(new StackOverflowError());
        assertThatThrownBy(this::change).isInstanceOf(StackOverflowError.class);
        afterCommit = Optional.empty();
        assertThatThrownBy(this::change).isInstanceOf(StoreException.class).hasMessage(STOPPED);
        assertThatThrownBy(state::probe).hasMessage(STOPPED);
        assertThatThrownBy(() -> state.withWriteLock(() -> "snapshot")).hasMessage(STOPPED);
        assertThat(state.failure()).contains(STOPPED);
        assertThat(committed).hasSize(2);
    }

    @Test
    void an_error_in_a_rule_changes_nothing() {
        assertThatThrownBy(() -> state.change(changeSet -> {
                    changeSet.add(new Change.ReplayRemoved("rpl_2"));
                    throw new AssertionError("a rule");
                }))
                .isInstanceOf(AssertionError.class);
        change();
        assertThat(committed).hasSize(1);
        assertThat(state.failure()).isEmpty();
    }

    private void loseAnswer() {
        lostAnswer = Optional.of(new StoreException("The connection is gone."));
        assertThatThrownBy(() -> state.change(changeSet -> {
                    changeSet.appendInstanceEvent("gw1", "dev.tidemark.ping", Map.of());
                    return changeSet;
                }))
                .isSameAs(lostAnswer.get());
        assertThat(state.failure()).contains("The connection is gone.");
        assertThat(state.arrivals().end()).isZero();
    }

    @Test
    void a_commit_without_an_answer_counts_once_the_engine_finds_it_stored() {
        loseAnswer();
        isStored = true;
        lostAnswer = Optional.empty();
        change();
        assertThat(state.arrivals().end()).isOne();
        state.change(changeSet -> assertThat(changeSet.instance().sequence()).isEqualTo(8));
        assertThat(state.failure()).isEmpty();
    }

    @Test
    void a_commit_without_an_answer_changes_nothing_if_the_engine_does_not_find_it() {
        loseAnswer();
        assertThatThrownBy(this::change).hasMessage("The connection is gone.");
        lostAnswer = Optional.empty();
        change();
        assertThat(state.arrivals().end()).isZero();
        state.change(changeSet -> assertThat(changeSet.instance().sequence()).isEqualTo(7));
    }

    private final class Work implements UnitOfWork {
        @Override
        public void commit(List<Change> changes, Instant at) {
            committed.addAll(changes);
            afterCommit.ifPresent(error -> {
                throw error;
            });
            lostAnswer.ifPresent(failure -> {
                throw failure;
            });
        }

        @Override
        public boolean hasFailed() {
            return false;
        }

        @Override
        public boolean repair() {
            lostAnswer.ifPresent(failure -> {
                throw failure;
            });
            return isStored;
        }
    }

    static final class NoJournal implements JournalQueries {
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
