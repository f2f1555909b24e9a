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

/// Random histories of one mailbox: an Exchange that loses and repeats notifications and replays from any
/// watermark, and a store whose power is cut. Whatever happens, in the end every mail is journalled once.
final class HistoryTest {
    private static final int STEPS = 120;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private EmbeddedHome home;
    private WatermarkStore store;
    private AttemptId attempt;
    private Random random;
    /// mail number n arrived at watermark `wn`
    private int arrived;
    private final List<Instant> times = new ArrayList<>();
    private final StringBuilder history = new StringBuilder();
    /// up to which mail the subscription has told
    private int told;
    private int toldBefore;
    private boolean started;

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 47, 48, 64})
    void every_mail_is_journalled_once(long seed) {
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
            tell(arrived);
        } else if (dice < 65) {
            send(toldBefore, told);
        } else if (dice < 72 && started) {
            // the first of an attempt starts its chain: what is lost before it is not missed
            toldBefore = told;
            told = arrived;
        } else if (dice < 85) {
            send(told, told);
        } else if (dice < 93) {
            subscribe();
        } else {
            history.append("\ncut");
            home.cut(store);
            store = home.open(clock);
        }
    }

    /// Tells of the mails up to `to`, in a notification of its own.
    private void tell(int to) {
        toldBefore = told;
        told = Math.max(told, Math.min(to, told + 1 + random.nextInt(5)));
        send(toldBefore, told);
    }

    private void send(int from, int to) {
        MailboxEvent[] events = from == to
                ? new MailboxEvent[] {ExchangeNotifications.status("w" + to)}
                : IntStream.rangeClosed(from + 1, to)
                        .mapToObj(i -> ExchangeNotifications.mail("m" + i, "w" + i, times.get(i - 1)))
                        .toArray(MailboxEvent[]::new);
        var message = ExchangeNotifications.notification("s" + attempt.number(), "w" + from, events);
        var receipt = store.intake()
                .record(List.of(
                        new VerifiedCallback(attempt, ExchangeNotifications.body(message), clock.instant(), "")))
                .getFirst();
        history.append('\n')
                .append(attempt.number())
                .append(": w")
                .append(from)
                .append(" to w")
                .append(to);
        history.append(" at ").append(clock.instant()).append(": ").append(receipt);
        started = true;
        assertThat(receipt).isNotEqualTo(new IntakeOutcome.Superseded());
    }

    /// A new subscription from what the store takes for the newest watermark; its first call-back may overtake
    /// the answer.
    private void subscribe() {
        var ada = store.mailboxes().all().iterator().next();
        var from = ada.watermark().map(StoredWatermark::value);
        attempt = store.subscriptions().begin(ada.id(), SubscribeReason.GAP, "print", from);
        told = from.map(mark -> Integer.parseInt(mark.value().substring(1))).orElse(0);
        toldBefore = told;
        started = false;
        history.append('\n').append(attempt.number()).append(" from ").append(from);
        if (random.nextInt(4) == 0) {
            tell(arrived);
        }
        var id = ExchangeNotifications.subscription("s" + attempt.number());
        var answer = new SubscribeResult(id, Optional.of(ExchangeNotifications.mark("w" + toldBefore)));
        assertThat(store.subscriptions().confirm(attempt, answer, Optional.empty()))
                .isTrue();
    }

    /// What the compensator does in the end: subscribes anew from the watermark, and everything is told.
    private void heal() {
        subscribe();
        while (told < arrived) {
            tell(arrived);
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
