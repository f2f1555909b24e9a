package dev.tidemark.subscriber;

import static dev.tidemark.values.ChangeKind.CREATED;
import static dev.tidemark.values.ChangeKind.DELETED;
import static dev.tidemark.values.ChangeKind.MODIFIED;
import static dev.tidemark.values.ChangeKind.NEW_MAIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.ews.message.ItemSummary;
import dev.tidemark.ews.message.SyncPage;
import dev.tidemark.ews.message.SyncPage.SyncChange;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.RecoveredPage.RecoveredChange;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.SyncState;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SyncPageNewsTest {
    private static final Instant SINCE = Instant.parse("2026-11-01T09:00:00Z");
    private static final Instant BEFORE = SINCE.minusSeconds(1);
    private static final Instant NOW = SINCE.plus(Duration.ofHours(1));
    private static final Duration RETENTION = Duration.ofDays(7);
    private static final Optional<Duration> FROM_ZERO = Optional.empty();
    private static final Optional<Duration> YOUNG = Optional.of(Duration.ofDays(1));

    @Test
    void old_mail_is_no_news() {
        assertThat(kinds(created(mail(BEFORE, BEFORE)), EnumSet.allOf(ChangeKind.class), FROM_ZERO))
                .isEmpty();
    }

    @Test
    void a_new_message_gives_each_kind_that_was_asked_for() {
        var change = created(mail(SINCE, SINCE));
        assertThat(kinds(change, Set.of(CREATED, NEW_MAIL), FROM_ZERO)).containsExactly(CREATED, NEW_MAIL);
        assertThat(kinds(change, Set.of(CREATED), FROM_ZERO)).containsExactly(CREATED);
        assertThat(kinds(change, Set.of(NEW_MAIL), FROM_ZERO)).containsExactly(NEW_MAIL);
        assertThat(kinds(change, Set.of(DELETED, MODIFIED), FROM_ZERO)).isEmpty();
    }

    @Test
    void the_later_of_created_and_received_counts() {
        assertThat(kinds(created(mail(BEFORE, SINCE)), Set.of(CREATED), FROM_ZERO))
                .containsExactly(CREATED);
        assertThat(kinds(created(mail(SINCE, BEFORE)), Set.of(NEW_MAIL), FROM_ZERO))
                .containsExactly(NEW_MAIL);
    }

    @Test
    void each_kind_carries_its_own_time() {
        var created = SINCE.plusSeconds(1);
        var received = SINCE.plusSeconds(2);
        assertThat(found(created(mail(created, received)), Set.of(CREATED, NEW_MAIL), FROM_ZERO))
                .extracting(RecoveredChange::time)
                .containsExactly(created, received);
    }

    @Test
    void drafts_appointments_and_sent_items_were_not_received() {
        var draft = item(Optional.of(SINCE), Optional.of(SINCE), Optional.of("IPM.Note"), true);
        var appointment = item(Optional.of(SINCE), Optional.of(SINCE), Optional.of("IPM.Appointment"), false);
        assertThat(kinds(created(draft), Set.of(CREATED, NEW_MAIL), FROM_ZERO)).containsExactly(CREATED);
        assertThat(kinds(created(appointment), Set.of(NEW_MAIL), FROM_ZERO)).isEmpty();
        var sent = measure(Set.of(NEW_MAIL), new FolderRef.Distinguished("sentitems"), FROM_ZERO);
        assertThat(SyncPageNews.of(page(created(mail(SINCE, SINCE))), sent).found())
                .isEmpty();
    }

    @Test
    void a_meeting_request_was_received() {
        var request = item(Optional.of(SINCE), Optional.of(SINCE), Optional.of("IPM.Schedule.Meeting.Request"), false);
        assertThat(kinds(created(request), Set.of(NEW_MAIL), FROM_ZERO)).containsExactly(NEW_MAIL);
    }

    @Test
    void an_item_without_times_is_news_only_where_a_state_says_so() {
        var item = item(Optional.empty(), Optional.empty(), Optional.empty(), false);
        assertThat(kinds(created(item), Set.of(CREATED), FROM_ZERO)).isEmpty();
        assertThat(found(created(item), Set.of(CREATED), YOUNG))
                .extracting(RecoveredChange::time)
                .containsExactly(NOW);
    }

    @Test
    void updates_since_the_baseline_are_news_if_requested() {
        var item = modified(mail(BEFORE, BEFORE), SINCE);
        assertThat(kinds(new SyncChange.Updated(item), Set.of(MODIFIED), YOUNG)).containsExactly(MODIFIED);
        assertThat(kinds(new SyncChange.Updated(item), Set.of(CREATED), YOUNG)).isEmpty();
        var older = modified(mail(BEFORE, BEFORE), BEFORE);
        assertThat(kinds(new SyncChange.Updated(older), Set.of(MODIFIED), YOUNG))
                .isEmpty();
    }

    @Test
    void from_zero_an_old_item_that_was_changed_lately_is_modified() {
        var item = modified(mail(BEFORE, BEFORE), SINCE);
        assertThat(kinds(created(item), EnumSet.allOf(ChangeKind.class), FROM_ZERO))
                .containsExactly(MODIFIED);
    }

    @Test
    void an_item_that_was_changed_after_the_clock_of_exchange_was_set_back_is_modified() {
        var created = SINCE.plus(Duration.ofMinutes(50));
        var changed = modified(mail(created, created), SINCE.plus(Duration.ofMinutes(10)));
        assertThat(kinds(created(changed), Set.of(CREATED, MODIFIED), FROM_ZERO))
                .containsExactly(CREATED, MODIFIED);
        var untouched = modified(mail(created, created), created.minusSeconds(2));
        assertThat(kinds(created(untouched), Set.of(CREATED, MODIFIED), FROM_ZERO))
                .containsExactly(CREATED);
    }

    @Test
    void reading_a_message_modifies_it() {
        var change = new SyncChange.ReadFlagChanged(ItemId.of("a"), true);
        assertThat(kinds(change, Set.of(MODIFIED), YOUNG)).containsExactly(MODIFIED);
    }

    @Test
    void deletions_are_news_only_from_a_young_state_and_counted_otherwise() {
        var change = new SyncChange.Deleted(ItemId.of("a"));
        assertThat(found(change, Set.of(DELETED), YOUNG))
                .extracting(RecoveredChange::time)
                .containsExactly(NOW);
        for (var age : List.of(FROM_ZERO, Optional.of(RETENTION))) {
            var announcement = SyncPageNews.of(page(change), measure(Set.of(DELETED), INBOX, age));
            assertThat(announcement.found()).isEmpty();
            assertThat(announcement.suppressed()).isOne();
        }
        assertThat(SyncPageNews.of(page(change), measure(Set.of(CREATED), INBOX, FROM_ZERO))
                        .suppressed())
                .isZero();
    }

    @Test
    void a_snapshot_announces_earlier_arrivals_but_not_earlier_changes() {
        var week = SINCE.minus(Duration.ofDays(7));
        var old = modified(mail(BEFORE, BEFORE), BEFORE.plusMillis(1));
        var measure = measure(EnumSet.allOf(ChangeKind.class), INBOX, FROM_ZERO, week);

        assertThat(SyncPageNews.of(page(created(old)), measure).found())
                .extracting(RecoveredChange::kind)
                .containsExactly(CREATED, NEW_MAIL);
        assertThat(SyncPageNews.of(page(new SyncChange.Updated(old)), measure).found())
                .isEmpty();
        assertThat(SyncPageNews.of(page(created(mail(week.minusSeconds(1), week.minusSeconds(1)))), measure)
                        .found())
                .isEmpty();
    }

    private static final FolderRef INBOX = new FolderRef.Distinguished("inbox");

    private static List<ChangeKind> kinds(SyncChange change, Set<ChangeKind> asked, Optional<Duration> age) {
        return found(change, asked, age).stream().map(RecoveredChange::kind).toList();
    }

    private static List<RecoveredChange> found(SyncChange change, Set<ChangeKind> asked, Optional<Duration> age) {
        return SyncPageNews.of(page(change), measure(asked, INBOX, age)).found();
    }

    private static SyncPageNews.NewsCriteria measure(Set<ChangeKind> asked, FolderRef folder, Optional<Duration> age) {
        return measure(asked, folder, age, SINCE);
    }

    private static SyncPageNews.NewsCriteria measure(
            Set<ChangeKind> asked, FolderRef folder, Optional<Duration> age, Instant bornSince) {
        var since = new ResyncBaseline.Since(SINCE, Optional.of(bornSince));
        var clock = new ExchangeClock(new SettableClock(NOW));
        var baseline = ResyncBaseline.of(since, clock, RETENTION, NOW, EventOrigin.RESYNC);
        return new SyncPageNews.NewsCriteria(asked, FolderTarget.of(folder, Set.of()), baseline, age.map(NOW::minus));
    }

    private static SyncPage page(SyncChange change) {
        return new SyncPage(new SyncState("s"), true, List.of(change));
    }

    private static SyncChange created(ItemSummary item) {
        return new SyncChange.Created(item);
    }

    private static ItemSummary mail(Instant created, Instant received) {
        return item(Optional.of(created), Optional.of(received), Optional.of("IPM.Note"), false);
    }

    private static ItemSummary item(
            Optional<Instant> created, Optional<Instant> received, Optional<String> itemClass, boolean draft) {
        return new ItemSummary(ItemId.of("a"), Optional.empty(), received, created, Optional.empty(), itemClass, draft);
    }

    private static ItemSummary modified(ItemSummary item, Instant at) {
        return new ItemSummary(
                item.id(),
                item.parentFolder(),
                item.received(),
                item.created(),
                Optional.of(at),
                item.itemClass(),
                item.draft());
    }
}
