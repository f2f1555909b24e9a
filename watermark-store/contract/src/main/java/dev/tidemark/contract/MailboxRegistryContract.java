package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.store.listing.MailboxTable;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.MailboxSummary;
import dev.tidemark.store.model.MembershipSource;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.MailboxAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Promises of [MailboxRegistry]. [LifecycleContract] is the suite for the lifecycle of subscriptions.
public abstract class MailboxRegistryContract extends PortContract {
    private static final GroupMembership INBOXES = new GroupMembership("inboxes", false);
    private static final MailboxId UNKNOWN = new MailboxId("mbx_" + "z".repeat(16));

    /// Returns a new mailbox `name@example.com`. A fake creates it in its own way.
    protected Mailbox enrolled(String name) {
        return store.mailboxes().enrol(new MailboxAddress(name + "@example.com"), INBOXES);
    }

    /// Leaves a compensation pending for a mailbox. A fake schedules it in its own way.
    protected void schedule(MailboxId mailbox) {
        store.subscriptions()
                .scheduleCompensation(
                        mailbox, new PendingCompensation(SubscribeReason.OPERATOR, time(), false, "asked for"));
    }

    /// Returns the reason why a fake does not change mailboxes. The suite skips the promises about changes for it.
    protected Optional<String> unchangeable() {
        return Optional.empty();
    }

    private void requireChangeable() {
        assumeTrue(unchangeable().isEmpty(), () -> unchangeable().orElse(""));
    }

    @Test
    void finds_a_mailbox_by_id_and_by_address() {
        var ada = enrolled("ada");
        enrolled("bob");
        assertThat(store.mailboxes().find(ada.id())).contains(ada);
        assertThat(store.mailboxes().find(ada.address())).contains(ada);
        assertThat(store.mailboxes().find(UNKNOWN)).isEmpty();
        assertThat(store.mailboxes().find(new MailboxAddress("eve@example.com")))
                .isEmpty();
    }

    @Test
    void lists_all_mailboxes_by_their_ids() {
        Stream.of("cyd", "ada", "eve", "bob", "dan").forEach(this::enrolled);
        assertThat(store.mailboxes().all()).extracting(Mailbox::id).hasSize(5).isSorted();
    }

    @Test
    void a_walk_without_copies_meets_the_same_mailboxes() {
        requireChangeable();
        receive(1);
        enrolled("bob");
        store.mailboxes().pause(enrolled("eve").id());
        store.mailboxes().remove(enrolled("zoe").id());
        assertThat(store.mailboxes().summaries().map(MailboxSummary::snapshot))
                .containsExactlyInAnyOrderElementsOf(store.mailboxes().all());
        assertThat(store.mailboxes().summaries()).hasSize(3).allSatisfy(summary -> {
            var mailbox = summary.snapshot();
            assertThat(summary.id()).isEqualTo(mailbox.id());
            assertThat(summary.address()).isEqualTo(mailbox.address());
            assertThat(summary.membership()).isEqualTo(mailbox.membership());
            assertThat(summary.state()).isEqualTo(mailbox.state());
            assertThat(summary.lastHeardMillis()).isEqualTo(mailbox.lastHeardMillis());
            assertThat(summary.watermark()).isEqualTo(mailbox.watermark());
            assertThat(summary.subscribedMillis()).isEqualTo(mailbox.subscribedMillis());
            assertThat(summary.lastError()).isEqualTo(mailbox.lastError());
        });
    }

    @Test
    void the_table_follows_each_change() {
        requireChangeable();
        receive(1);
        var bob = enrolled("bob").id();
        var eve = enrolled("eve").id();
        requireTableOfAll(3);
        store.subscriptions().fail(bob, "ErrorAccessDenied", "no access");
        store.mailboxes().pause(eve);
        store.mailboxes().rename(eve, new MailboxAddress("aaron@example.com"));
        requireTableOfAll(3);
        store.mailboxes().remove(bob);
        requireTableOfAll(2);
        store.mailboxes().forget(eve);
        enrolled("zoe");
        requireTableOfAll(2);
        reopenAfterPowerCut();
        requireTableOfAll(2);
        enrolled("bob");
        requireTableOfAll(3);
    }

    private void requireTableOfAll(int count) {
        var table = store.mailboxes().table();
        var rows = IntStream.range(0, table.rows())
                .filter(row -> table.state(row) != MailboxTable.FREE)
                .boxed()
                .toList();
        assertThat(rows).hasSize(count).allSatisfy(row -> {
            var mailbox = table.mailbox(row).orElseThrow();
            assertThat(MailboxState.LABELS.get(table.state(row)))
                    .isEqualTo(mailbox.state().label());
            assertThat(table.hasError(row)).isEqualTo(mailbox.lastError().isPresent());
            assertThat(table.groups().get(table.group(row)))
                    .isEqualTo(mailbox.membership().group());
            assertThat(table.lastHeardMillis(row)).isEqualTo(mailbox.lastHeardMillis());
            assertThat(table.watermarkMillis(row))
                    .isEqualTo(mailbox.watermark()
                            .map(taken -> taken.takenAt().toEpochMilli())
                            .orElse(0L));
        });
        var all = store.mailboxes().all();
        assertThat(rows)
                .extracting(row -> table.mailbox(row).orElseThrow().snapshot())
                .containsExactlyInAnyOrderElementsOf(all);
        assertThat(rows.stream().sorted(Comparator.comparingInt(table.byId()::place)))
                .extracting(row -> table.mailbox(row).orElseThrow().id())
                .isSorted();
        assertThat(rows.stream().sorted(Comparator.comparingInt(table.byAddress()::place)))
                .extracting(row -> table.mailbox(row).orElseThrow().address().value())
                .isSorted();
    }

    @Test
    void each_change_of_a_state_is_counted() {
        requireChangeable();
        assertThat(store.mailboxes().countsByState()).isEmpty();
        var ada = enrolled("ada").id();
        var bob = enrolled("bob").id();
        enrolled("eve");
        assertThat(store.mailboxes().countsByState()).isEqualTo(Map.of("new", 3L));
        store.subscriptions().fail(ada, "ErrorAccessDenied", "no access");
        store.mailboxes().pause(bob);
        assertThat(store.mailboxes().countsByState()).isEqualTo(Map.of("failed", 1L, "new", 1L, "paused", 1L));
        assertThat(store.mailboxes().unhealthy()).extracting(MailboxSummary::id).containsExactly(ada);
        reopenAfterPowerCut();
        assertThat(store.mailboxes().countsByState()).isEqualTo(Map.of("failed", 1L, "new", 1L, "paused", 1L));
        assertThat(store.mailboxes().unhealthy()).extracting(MailboxSummary::id).containsExactly(ada);
    }

    @Test
    void a_mailbox_that_is_removed_or_forgotten_is_not_counted() {
        requireChangeable();
        var ada = enrolled("ada");
        var bob = enrolled("bob").id();
        store.subscriptions().fail(ada.id(), "ErrorAccessDenied", "no access");
        store.mailboxes().remove(ada.id());
        assertThat(store.mailboxes().countsByState()).isEqualTo(Map.of("new", 1L));
        assertThat(store.mailboxes().unhealthy()).isEmpty();
        store.mailboxes().forget(ada.id());
        store.mailboxes().pause(bob);
        store.mailboxes().forget(bob);
        assertThat(store.mailboxes().countsByState()).isEmpty();
        enrolled("ada");
        assertThat(store.mailboxes().countsByState()).isEqualTo(Map.of("new", 1L));
    }

    @Test
    void lists_only_mailboxes_that_something_is_pending_for() {
        enrolled("ada");
        var bob = enrolled("bob");
        assertThat(store.mailboxes().withPendingWork()).isEmpty();
        schedule(bob.id());
        assertThat(store.mailboxes().withPendingWork()).containsExactly(bob.id());
    }

    @Test
    void a_mailbox_that_is_enrolled_again_keeps_its_id_and_gets_the_new_membership() {
        requireChangeable();
        var ada = enrolled("ada");
        var other = new GroupMembership("others", true, MembershipSource.API);
        assertThat(store.mailboxes().enrol(ada.address(), other).id()).isEqualTo(ada.id());
        store.mailboxes().enrolAll(Map.of(new MailboxAddress("bob@example.com"), other));
        reopenAfterPowerCut();
        assertThat(store.mailboxes().find(ada.id()).orElseThrow().membership()).isEqualTo(other);
        assertThat(store.mailboxes().all()).hasSize(2);
    }

    @Test
    void a_renamed_mailbox_keeps_its_id() {
        requireChangeable();
        var ada = enrolled("ada");
        var bob = enrolled("bob");
        var married = new MailboxAddress("ada.king@example.com");
        assertThat(store.mailboxes().rename(UNKNOWN, married)).isFalse();
        assertThat(store.mailboxes().rename(ada.id(), bob.address())).isFalse();
        assertThat(store.mailboxes().rename(ada.id(), married)).isTrue();
        assertThat(store.mailboxes().find(ada.address())).isEmpty();
        reopenAfterPowerCut();
        assertThat(store.mailboxes().find(married)).map(Mailbox::id).contains(ada.id());
        assertThat(store.mailboxes().find(ada.address())).isEmpty();
        assertThat(enrolled("ada").id()).isNotEqualTo(ada.id());
    }

    @Test
    void a_removed_mailbox_is_not_found_until_it_is_enrolled_again() {
        requireChangeable();
        var ada = enrolled("ada");
        schedule(ada.id());
        store.mailboxes().removeAll(List.of(ada.id(), UNKNOWN, ada.id()));
        store.mailboxes().remove(ada.id());
        store.mailboxes().remove(UNKNOWN);
        assertThat(store.mailboxes().find(ada.id())).isEmpty();
        assertThat(store.mailboxes().find(ada.address())).isEmpty();
        assertThat(store.mailboxes().all()).isEmpty();
        assertThat(store.mailboxes().withPendingWork()).isEmpty();
        assertThat(journal()).extracting(JournalEvent::type).containsExactly("mailbox.removed");
        reopenAfterPowerCut();
        assertThat(store.mailboxes().all()).isEmpty();
        assertThat(enrolled("ada").id()).isEqualTo(ada.id());
    }

    @Test
    void a_paused_mailbox_has_nothing_pending_until_it_is_resumed() {
        requireChangeable();
        var ada = enrolled("ada");
        schedule(ada.id());
        store.mailboxes().pause(ada.id(), "moves to another server");
        store.mailboxes().pause(UNKNOWN);
        assertThat(store.mailboxes().withPendingWork()).isEmpty();
        reopenAfterPowerCut();
        assertThat(store.mailboxes().find(ada.id()).orElseThrow().state()).isEqualTo(new MailboxState.Paused());
        store.mailboxes().resume(ada.id(), "has moved");
        assertThat(store.mailboxes().withPendingWork()).containsExactly(ada.id());
        assertThat(journal()).extracting(JournalEvent::type).containsExactly("mailbox.paused", "mailbox.resumed");
        assertThat(journal())
                .extracting(
                        event -> ((EventData.Lifecycle) event.data()).fields().get("cause"))
                .containsExactly("moves to another server", "has moved");
    }
}
