package dev.tidemark.reactions;

import static dev.tidemark.reactions.FolderTreeTestBed.ADA;
import static dev.tidemark.values.ChangeKind.NEW_MAIL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.simulator.fault.FaultScope;
import dev.tidemark.simulator.fault.ScriptedError;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.subscriber.config.SnapshotScope;
import dev.tidemark.subscriber.config.WatchedFolders;
import dev.tidemark.values.ItemId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks details of items if one of them, or one request, fails. The clock stands still unless a test moves
/// it, so saved details did not wait.
class DetailsOverTheWireTest {
    private static final WatchedFolders INBOX =
            new WatchedFolders.Some(List.of(new FolderRef.Distinguished("inbox")), List.of());
    private static final FaultScope GET_ITEM = FaultScope.ANYWHERE.inOperation("GetItem");

    /// Markup in a text.
    private static final FaultScope DAMAGED = GET_ITEM.withValue("<");

    /// Enough for three requests.
    private static final int MAILS = 25;

    @TempDir
    private Path folder;

    private FolderTreeTestBed home() {
        var home = new FolderTreeTestBed(folder, INBOX, new SnapshotScope.None(), NEW_MAIL).withDetails();
        home.start();
        return home;
    }

    private static List<String> deliver(FolderTreeTestBed home) {
        return IntStream.range(0, MAILS)
                .mapToObj(number -> home.mailbox.deliver("Mail " + number))
                .map(ItemId::id)
                .toList();
    }

    private static void awaitSettled(FolderTreeTestBed home, Collection<String> items) {
        await().untilAsserted(() -> assertThat(home.details()).containsOnlyKeys(items));
    }

    /// Returns the number of item requests that got an HTML page.
    private static long pages(FolderTreeTestBed home) {
        return home.exchange.faults().count(SimulatorFault.HTML_ERROR);
    }

    private static long count(FolderTreeTestBed home, Class<? extends ItemDetail> kind) {
        return home.details().values().stream().filter(kind::isInstance).count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ErrorItemCorrupt", "ErrorAccessDenied", "ErrorCorruptData", "ErrorOfTomorrow"})
    void an_item_that_is_refused_for_good_is_unavailable_at_once_and_costs_no_other(String code) {
        try (var home = home()) {
            home.exchange.faults().next(SimulatorFault.CORRUPT_ITEM, GET_ITEM.withValue(code), 1);
            awaitSettled(home, deliver(home));
            assertThat(count(home, ItemDetail.Unavailable.class)).isEqualTo(1);
            assertThat(count(home, ItemDetail.Found.class)).isEqualTo(MAILS - 1);
        }
    }

    @Test
    void an_item_that_is_gone_is_not_found_at_once() {
        try (var home = home()) {
            home.exchange.faults().next(SimulatorFault.CORRUPT_ITEM, GET_ITEM.withValue("ErrorItemNotFound"), 1);
            awaitSettled(home, deliver(home));
            assertThat(count(home, ItemDetail.NotFound.class)).isEqualTo(1);
            assertThat(count(home, ItemDetail.Found.class)).isEqualTo(MAILS - 1);
        }
    }

    @Test
    void an_item_that_may_be_had_later_is_waited_for_and_no_other_with_it() {
        try (var home = home()) {
            home.exchange
                    .faults()
                    .next(SimulatorFault.CORRUPT_ITEM, GET_ITEM.withValue("ErrorMailboxStoreUnavailable"), 1);
            var mails = deliver(home);
            await().until(() -> home.details().size() == MAILS - 1);
            home.time.advance(Duration.ofSeconds(2));
            awaitSettled(home, mails);
            assertThat(count(home, ItemDetail.Found.class)).isEqualTo(MAILS);
        }
    }

    @Test
    void an_item_that_is_never_had_is_unavailable_after_a_minute_and_no_other() {
        try (var home = home()) {
            home.exchange
                    .faults()
                    .rate(SimulatorFault.CORRUPT_ITEM, GET_ITEM.withValue("ErrorMailboxStoreUnavailable"), 1);
            var mail = home.mailbox.deliver("Never").id();
            await().until(() -> !home.requests("GetItem").isEmpty());
            home.time.advance(Duration.ofMinutes(1));
            awaitSettled(home, List.of(mail));
            assertThat(count(home, ItemDetail.Unavailable.class)).isEqualTo(1);
        }
    }

    @Test
    void a_response_that_is_damaged_is_asked_for_again_in_halves_at_once() {
        try (var home = home()) {
            home.exchange.faults().next(SimulatorFault.CONTROL_CHARACTERS, DAMAGED, 1);
            var mails = deliver(home);
            // an item requested alone may wait for its second try
            await().until(() -> home.details().size() >= MAILS - 1);
            home.time.advance(Duration.ofSeconds(2));
            awaitSettled(home, mails);
            assertThat(count(home, ItemDetail.Found.class)).isEqualTo(MAILS);
        }
    }

    @Test
    void an_item_whose_response_stays_damaged_is_unavailable_after_a_second_try() {
        try (var home = home()) {
            home.exchange.faults().rate(SimulatorFault.CONTROL_CHARACTERS, DAMAGED, 1);
            var mail = home.mailbox.deliver("Damaged").id();
            await().until(() -> home.requests("GetItem").size() == 1);
            await().untilAsserted(() -> {
                home.time.advance(Duration.ofSeconds(1));
                assertThat(home.details()).containsOnlyKeys(mail);
            });
            assertThat(home.requests("GetItem")).hasSize(2);
            assertThat(count(home, ItemDetail.Unavailable.class)).isEqualTo(1);
        }
    }

    /// A maintenance or login page is not a response about the items.
    @Test
    void a_page_in_place_of_a_response_costs_no_detail() {
        try (var home = home()) {
            home.exchange.faults().rate(SimulatorFault.HTML_ERROR, GET_ITEM, 1);
            var mails = deliver(home);
            for (var tries = 1; tries <= 3; tries++) {
                var earlierTries = tries;
                await().until(() -> pages(home) >= earlierTries);
                assertThat(home.details()).isEmpty();
                home.time.advance(Duration.ofSeconds(8));
            }
            home.exchange.faults().clear();
            await().untilAsserted(() -> {
                home.time.advance(Duration.ofMillis(200));
                assertThat(home.details()).containsOnlyKeys(mails);
            });
            assertThat(count(home, ItemDetail.Found.class)).isEqualTo(MAILS);
        }
    }

    @Test
    void a_mailbox_that_waits_is_asked_for_nothing_new_meanwhile() {
        try (var home = home()) {
            home.exchange.faults().rate(SimulatorFault.HTML_ERROR, GET_ITEM, 1);
            var first = home.mailbox.deliver("First");
            await().until(() -> pages(home) == 1);
            for (var number = 1; number <= MAILS; number++) {
                home.awaitTold("PUSH message.received "
                        + home.mailbox.deliver("Mail " + number).id());
            }
            // another request may have been in flight before the first failed
            assertThat(pages(home)).isLessThanOrEqualTo(2);
            home.exchange.faults().clear();
            await().untilAsserted(() -> {
                home.time.advance(Duration.ofMillis(200));
                assertThat(home.details()).hasSize(MAILS + 1).containsKey(first.id());
            });
            assertThat(home.requests("GetItem").size()).isLessThan(MAILS / 2);
        }
    }

    @Test
    void a_request_that_fails_as_a_whole_is_asked_for_again_in_halves_at_once() {
        try (var home = home()) {
            home.mailbox.deliver("First");
            await().until(() -> count(home, ItemDetail.Found.class) == 1);
            home.exchange.faults().respondWith("GetItem", ADA, new ScriptedError.SoapFault("ErrorTimeoutExpired"));
            var mails = deliver(home);
            // an item requested alone may wait for its second try
            await().until(() -> home.details().size() >= MAILS);
            home.time.advance(Duration.ofSeconds(2));
            await().untilAsserted(() -> assertThat(home.details()).containsKeys(mails.toArray(String[]::new)));
            assertThat(count(home, ItemDetail.Found.class)).isEqualTo(MAILS + 1);
        }
    }

    @Test
    void a_request_that_gets_no_response_keeps_none_behind_it_waiting() {
        try (var home = home()) {
            home.exchange.faults().next(SimulatorFault.SLOW_RESPONSE, GET_ITEM.withValue("20s"), 1);
            deliver(home);
            await().until(() -> home.details().size() >= MAILS - 10);
        }
    }

    @Test
    void a_mailbox_that_may_not_be_read_has_its_details_unavailable_at_once() {
        try (var home = home()) {
            home.exchange
                    .faults()
                    .respondWith("GetItem", ADA, new ScriptedError.SoapFault("ErrorImpersonateUserDenied"));
            var mail = home.mailbox.deliver("Secret").id();
            awaitSettled(home, List.of(mail));
            assertThat(count(home, ItemDetail.Unavailable.class)).isEqualTo(1);
        }
    }

    @Test
    void a_busy_exchange_is_waited_for_and_all_details_come() {
        try (var home = home()) {
            home.exchange
                    .faults()
                    .respondWith(
                            "GetItem",
                            ADA,
                            new ScriptedError.Message("ErrorServerBusy"),
                            new ScriptedError.Message("ErrorServerBusy"));
            var mails = deliver(home);
            await().until(() -> !home.requests("GetItem").isEmpty());
            await().untilAsserted(() -> {
                home.time.advance(Duration.ofSeconds(1));
                assertThat(home.details()).containsOnlyKeys(mails);
            });
            assertThat(count(home, ItemDetail.Found.class)).isEqualTo(MAILS);
        }
    }
}
