package dev.tidemark.store.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.engine.ForeignCommitSink;
import dev.tidemark.store.engine.UnitOfWork;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Follows the commits of other nodes before a rule decides.
final class SharedStateTest {
    private static final Instant NOW = Instant.parse("2026-11-29T09:00:00Z");
    private static final MailboxId ADA = new MailboxId("mbx_aaaaaaaaaaaaaaaa");

    private final SharedWork work = new SharedWork();
    private final CommittedState state = new CommittedState(
            work,
            Clock.systemUTC(),
            new DeduplicationCache(new BackwardJournalReader(new CommittedStateTest.NoJournal())),
            new FolderNameCache(),
            instance(7));

    private static Change.InstanceSaved instance(long sequence) {
        return new Change.InstanceSaved("gw1", "key", NOW, true, sequence);
    }

    private static MailboxRecord mailbox(long sequence) {
        var record =
                new MailboxRecord(ADA, new MailboxAddress("ada@example.com"), new GroupMembership("inboxes", false));
        record.sequence = sequence;
        return record;
    }

    @Test
    void a_rule_decides_on_what_other_nodes_have_committed() {
        work.foreign = List.of(instance(9), new Change.MailboxSaved(MailboxRecordCodec.row(mailbox(3), 5)));
        state.change(changeSet -> {
            assertThat(changeSet.instance().sequence()).isEqualTo(9);
            assertThat(changeSet.find(ADA).orElseThrow().sequence).isEqualTo(3);
            assertThat(changeSet.end()).isEqualTo(5);
            changeSet.add(new Change.ReplayRemoved("rpl_1"));
            return changeSet;
        });
        assertThat(work.steps).containsExactly("begin", "commit");
    }

    @Test
    void each_edit_of_a_mailbox_is_committed_for_the_other_nodes() {
        work.foreign = List.of(new Change.MailboxSaved(MailboxRecordCodec.row(mailbox(3), 5)));
        state.change(changeSet -> changeSet.edit(changeSet.find(ADA).orElseThrow()));
        assertThat(work.committed).singleElement().isInstanceOf(Change.MailboxSaved.class);
    }

    @Test
    void a_unit_without_changes_or_with_a_failure_lets_other_nodes_continue() {
        state.change(changeSet -> changeSet);
        assertThatThrownBy(() -> state.change(changeSet -> {
                    throw new AssertionError("a rule");
                }))
                .isInstanceOf(AssertionError.class);
        assertThat(work.steps).containsExactly("begin", "cancel", "begin", "cancel");
    }

    @Test
    void a_node_that_missed_commits_reads_everything_again_until_it_succeeds() {
        work.isBehind = true;
        state.reloadBy(() -> {
            throw new StoreException("The connection is gone.");
        });
        assertThatThrownBy(() -> state.change(changeSet -> changeSet)).hasMessage("The connection is gone.");
        assertThat(state.failure()).contains("The connection is gone.");
        state.reloadBy(() -> state.memory().replace(List.of(mailbox(4)), 8, instance(11), Stream.empty()));
        state.catchUp();
        assertThat(state.failure()).isEmpty();
        assertThat(state.find(ADA).orElseThrow().sequence).isEqualTo(4);
        assertThat(state.arrivals().end()).isEqualTo(8);
        state.change(changeSet -> assertThat(changeSet.instance().sequence()).isEqualTo(11));
    }

    @Test
    void a_foreign_change_keeps_what_this_node_alone_knows() {
        var known = mailbox(3);
        known.live = Optional.of(SubscribeAttempt.begun(2, SubscribeReason.INITIAL, "print", Optional.empty(), NOW));
        known.caughtUp = true;
        state.memory().load(List.of(known), List.of(), 5, false);
        var next = mailbox(4);
        next.live = known.live;
        work.foreign = List.of(new Change.MailboxSaved(MailboxRecordCodec.row(next, 6)));
        state.catchUp();
        assertThat(state.find(ADA).orElseThrow().sequence).isEqualTo(4);
        assertThat(state.find(ADA).orElseThrow().caughtUp).isTrue();
    }

    private static final class SharedWork implements UnitOfWork {
        private final List<String> steps = new ArrayList<>();
        private final List<Change> committed = new ArrayList<>();
        private List<Change> foreign = List.of();
        private boolean isBehind;

        @Override
        public boolean isShared() {
            return true;
        }

        @Override
        public boolean begin(ForeignCommitSink sink) {
            steps.add("begin");
            return poll(sink);
        }

        @Override
        public boolean poll(ForeignCommitSink sink) {
            if (isBehind) {
                isBehind = false;
                return false;
            }
            if (!foreign.isEmpty()) {
                sink.apply(foreign, 5);
                foreign = List.of();
            }
            return true;
        }

        @Override
        public void cancel() {
            steps.add("cancel");
        }

        @Override
        public void commit(List<Change> changes, Instant at) {
            steps.add("commit");
            committed.addAll(changes);
        }

        @Override
        public boolean hasFailed() {
            return false;
        }

        @Override
        public boolean repair() {
            return false;
        }
    }
}
