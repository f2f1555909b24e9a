package dev.tidemark.reactions;

import static dev.tidemark.reactions.FolderTreeTestBed.ADA;
import static dev.tidemark.values.ChangeKind.NEW_MAIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.simulator.fault.ScriptedError;
import dev.tidemark.simulator.mailbox.SimulatedMail;
import dev.tidemark.subscriber.config.SnapshotScope;
import dev.tidemark.subscriber.config.WatchedFolders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks an Exchange whose clock differs; Tidemark learns it from the `Date` headers and from the times of events.
class ExchangeClockOverTheWireTest {
    private static final WatchedFolders INBOX =
            new WatchedFolders.Some(List.of(new FolderRef.Distinguished("inbox")), List.of());
    private static final SnapshotScope NONE = new SnapshotScope.None();
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"-PT3H", "PT0S", "PT5H", "-P2D"})
    void three_mails_that_nobody_was_told_of_are_announced_and_no_old_one(Duration ahead) {
        try (var home = new FolderTreeTestBed(folder, INBOX, NONE, NEW_MAIL)) {
            home.exchange.faults().clockOffset(ahead);
            home.mailbox.deliver("Old");
            home.time.advance(HOUR);
            home.start();
            var announced = announced(home, "Pushed");
            assertThat(missedAndFound(home)).containsExactlyInAnyOrderElementsOf(announced);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-PT3H", "-PT1M", "PT0S", "-P2D"})
    void behind_a_proxy_that_writes_its_own_date_the_times_of_events_count(Duration ahead) {
        try (var home = new FolderTreeTestBed(folder, INBOX, NONE, NEW_MAIL)) {
            home.exchange.faults().clockOffset(ahead).proxyDates(true);
            home.mailbox.deliver("Old");
            home.time.advance(HOUR);
            home.start();
            var announced = announced(home, "Pushed");
            assertThat(missedAndFound(home)).containsExactlyInAnyOrderElementsOf(announced);
            assertThat(home.clockOffset()).as("of the proxy").isLessThan(MINUTE);
        }
    }

    /// Its `Date` may belong to another server, so both count, and a resync reaches back by the difference.
    @Test
    void behind_such_a_proxy_an_exchange_that_is_ahead_loses_nothing() {
        try (var home = new FolderTreeTestBed(folder, INBOX, NONE, NEW_MAIL)) {
            home.exchange.faults().clockOffset(HOUR.multipliedBy(5)).proxyDates(true);
            home.start();
            var announced = announced(home, "Pushed");
            assertThat(missedAndFound(home)).containsExactlyInAnyOrderElementsOf(announced);
        }
    }

    @Test
    void behind_such_a_proxy_two_restarts_before_the_resync_lose_nothing() {
        try (var home = new FolderTreeTestBed(folder, INBOX, NONE, NEW_MAIL)) {
            home.exchange.faults().clockOffset(HOUR.multipliedBy(-3)).proxyDates(true);
            home.mailbox.deliver("Old");
            home.time.advance(HOUR);
            home.start();
            var announced = announced(home, "Pushed");
            home.restart();
            home.restart();
            assertThat(missedAndFound(home)).containsExactlyInAnyOrderElementsOf(announced);
        }
    }

    @Test
    void a_replay_of_days_makes_no_old_mail_news() {
        try (var home = new FolderTreeTestBed(folder, INBOX, NONE, NEW_MAIL)) {
            home.mailbox.deliver("Old");
            home.time.advance(HOUR);
            home.start();
            home.exchange.forgetSubscriptions(ADA);
            var lines = new ArrayList<String>();
            lines.add(
                    "PUSH message.received " + home.mailbox.deliver("Replayed").id());
            home.time.advance(HOUR.multipliedBy(20));
            home.loseSubscription();
            home.awaitTold(lines.getFirst());
            home.forgetSubscription();
            home.time.advance(MINUTE);
            lines.add(
                    "RESYNC message.received " + home.mailbox.deliver("Missed").id());
            assertThat(missedAndFound(home)).containsExactlyInAnyOrderElementsOf(lines);
        }
    }

    /// Returns the expected lines: the first is that of `Pushed`, the others are those of the resync.
    private static List<String> announced(FolderTreeTestBed home, String subject) {
        var pushed = "PUSH message.received " + home.mailbox.deliver(subject).id();
        home.time.advance(MINUTE);
        home.awaitTold(pushed);
        var lines = new ArrayList<>(List.of(pushed));
        home.forgetSubscription();
        for (var number = 1; number <= 3; number++) {
            home.time.advance(MINUTE);
            lines.add("RESYNC message.received "
                    + home.mailbox.deliver("Missed " + number).id());
        }
        return lines;
    }

    private static List<String> missedAndFound(FolderTreeTestBed home) {
        home.resubscribe();
        return home.announced();
    }

    @Test
    void the_date_of_a_proxys_error_page_is_not_believed() {
        try (var home = new FolderTreeTestBed(folder, INBOX, NONE, NEW_MAIL)) {
            home.mailbox.deliver("Old");
            home.time.advance(HOUR);
            home.start();
            var announced = announced(home, "Pushed");
            var page = Map.of("Date", "Sun, 01 Nov 2026 03:00:00 GMT");
            home.exchange.faults().respondWith("Subscribe", ADA, new ScriptedError.Http(502, page));
            home.resubscribe();
            home.time.advance(Duration.ofMinutes(10));
            assertThat(home.announced()).containsExactlyInAnyOrderElementsOf(announced);
            assertThat(home.clockOffset()).isLessThan(MINUTE);
        }
    }

    @Test
    void a_clock_that_is_corrected_while_nobody_hears_loses_nothing() {
        try (var home = new FolderTreeTestBed(folder, INBOX, NONE, NEW_MAIL)) {
            home.exchange.faults().clockOffset(HOUR.multipliedBy(-3));
            home.start();
            var announced = announced(home, "Pushed");
            home.exchange.faults().clockOffset(Duration.ZERO);
            announced.add(
                    "RESYNC message.received " + home.mailbox.deliver("Later").id());
            assertThat(missedAndFound(home)).containsExactlyInAnyOrderElementsOf(announced);
        }
    }

    @Test
    void a_restart_between_the_loss_and_the_resync_loses_nothing() {
        try (var home = new FolderTreeTestBed(folder, INBOX, NONE, NEW_MAIL)) {
            home.exchange.faults().clockOffset(HOUR.multipliedBy(-3));
            home.mailbox.deliver("Old");
            home.time.advance(HOUR);
            home.start();
            var announced = announced(home, "Pushed");
            home.restart();
            assertThat(missedAndFound(home)).containsExactlyInAnyOrderElementsOf(announced);
        }
    }

    @Test
    void a_snapshot_reaches_as_far_back_as_asked_by_exchanges_clock() {
        try (var home = new FolderTreeTestBed(folder, INBOX, new SnapshotScope.Since(HOUR.multipliedBy(2)), NEW_MAIL)) {
            home.exchange.faults().clockOffset(HOUR.multipliedBy(-3));
            home.mailbox.deliver(SimulatedMail.of("Too old"));
            home.time.advance(HOUR.multipliedBy(3));
            var recent = home.mailbox.deliver(SimulatedMail.of("Recent"));
            home.time.advance(HOUR);
            home.start();
            home.time.advance(Duration.ofMinutes(10));
            assertThat(home.announced()).containsExactly("SNAPSHOT message.received " + recent.id());
        }
    }
}
