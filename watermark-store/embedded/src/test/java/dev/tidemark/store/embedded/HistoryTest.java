package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.ExchangeNotifications;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.MailboxEvent;
import dev.tidemark.values.SubscribeResult;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random histories of one mailbox. The simulated Exchange loses and repeats notifications and replays from any
/// watermark, and power cuts hit the store. In the end, every mail must be journaled once.
final class HistoryTest {
    private static final int STEPS = 120;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private EmbeddedHome home;
    private WatermarkStore store;
    private AttemptId attempt;
    private Random random;
    /// number of mails; mail number n arrived at watermark `wn`
    private int arrived;
    private final List<Instant> times = new ArrayList<>();
    private final StringBuilder history = new StringBuilder();
    /// last mail that the subscription has reported
    private int reported;
    private int reportedBefore;
    private boolean started;

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 47, 48, 64})
    void every_mail_is_journaled_once(long seed) {
        random = new Random(seed);
        home = new EmbeddedHome(folder);
        store = home.open(clock);
        store.mailboxes().enrol(new MailboxAddress("ada@example.com"), new GroupMembership("inboxes", false));
        subscribe();
        for (var step = 0; step < STEPS; step++) {
            for (var more = random.nextInt(4); more > 0; more--) {
                times.add(clock.instant());
                arrived++;
            }
            clock.advance(Duration.ofSeconds(random.nextInt(300)));
            step(random.nextInt(100));
        }
        heal();
        assertThat(items())
                .as("%s", history)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, arrived).mapToObj(i -> "m" + i).toList());
        var events = store.journal().read(JournalPosition.START, Integer.MAX_VALUE);
        assertThat(events)
                .extracting(JournalEvent::sequence)
                .isEqualTo(IntStream.rangeClosed(1, events.size())
                        .mapToObj(Long::valueOf)
                        .toList());
        store.close();
    }

    private void step(int dice) {
        if (dice < 50) {
            report(arrived);
        } else if (dice < 65) {
            send(reportedBefore, reported);
        } else if (dice < 72 && started) {
            // the first notification of an attempt starts its chain, so losses before it are not detected
            reportedBefore = reported;
            reported = arrived;
        } else if (dice < 85) {
            send(reported, reported);
        } else if (dice < 93) {
            subscribe();
        } else {
            history.append("\ncut");
            home.cut(store);
            store = home.open(clock);
        }
    }

    /// Sends a separate notification of the mails up to `to`.
    private void report(int to) {
        reportedBefore = reported;
        reported = Math.max(reported, Math.min(to, reported + 1 + random.nextInt(5)));
        send(reportedBefore, reported);
    }

    private void send(int from, int to) {
        MailboxEvent[] events = from == to
                ? new MailboxEvent[] {ExchangeNotifications.status("w" + to)}
                : IntStream.rangeClosed(from + 1, to)
                        .mapToObj(i -> ExchangeNotifications.mail("m" + i, "w" + i, times.get(i - 1)))
                        .toArray(MailboxEvent[]::new);
        var message = ExchangeNotifications.notification("s" + attempt.number(), "w" + from, events);
        var outcome = store.intake()
                .record(List.of(
                        new VerifiedCallback(attempt, ExchangeNotifications.body(message), clock.instant(), "")))
                .getFirst();
        history.append('\n')
                .append(attempt.number())
                .append(": w")
                .append(from)
                .append(" to w")
                .append(to);
        history.append(" at ").append(clock.instant()).append(": ").append(outcome);
        started = true;
        assertThat(outcome).isNotEqualTo(new IntakeOutcome.Superseded());
    }

    /// Starts a subscription from the store's newest watermark. Its first callback may overtake the response.
    private void subscribe() {
        var ada = store.mailboxes().all().iterator().next();
        var from = ada.watermark().map(StoredWatermark::value);
        attempt = store.subscriptions().begin(ada.id(), SubscribeReason.GAP, "print", from);
        reported = from.map(mark -> Integer.parseInt(mark.value().substring(1))).orElse(0);
        reportedBefore = reported;
        started = false;
        history.append('\n').append(attempt.number()).append(" from ").append(from);
        if (random.nextInt(4) == 0) {
            report(arrived);
        }
        var id = ExchangeNotifications.subscription("s" + attempt.number());
        var response = new SubscribeResult(id, Optional.of(ExchangeNotifications.mark("w" + reportedBefore)));
        assertThat(store.subscriptions().confirm(attempt, response, Optional.empty()))
                .isTrue();
    }

    /// Repairs the mailbox as the compensator does: subscribes from the watermark, and Exchange reports
    /// everything.
    private void heal() {
        subscribe();
        while (reported < arrived) {
            report(arrived);
        }
        assertThat(store.mailboxes()
                        .all()
                        .iterator()
                        .next()
                        .watermark()
                        .orElseThrow()
                        .value())
                .isEqualTo(ExchangeNotifications.mark("w" + arrived));
    }

    private List<String> items() {
        return store.journal().read(JournalPosition.START, Integer.MAX_VALUE).stream()
                .filter(event -> event.data() instanceof EventData.Change)
                .map(event -> ((EventData.Change) event.data()).target().id())
                .toList();
    }
}
