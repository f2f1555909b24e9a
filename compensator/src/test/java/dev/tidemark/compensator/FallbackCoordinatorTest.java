package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests suspension, fallback, probes and recovery of push, with Quartz, the subscriber and the store.
class FallbackCoordinatorTest {
    private static final Duration WINDOW = Duration.ofSeconds(690);
    private static final Duration DELAY = Duration.ofMinutes(5);
    private static final String ADA = "ada@example.com";
    private static final String EVE = "eve@example.com";

    @TempDir
    private Path folder;

    private CompensatorTestBed testBed;

    @BeforeEach
    void open() {
        testBed = new CompensatorTestBed(folder);
        start(FallbackConfig.Transport.POLL);
    }

    @AfterEach
    void stop() {
        testBed.close();
    }

    @Test
    void a_mailbox_that_is_never_called_back_for_is_polled_until_a_try_succeeds() {
        suspendPush(ADA);
        assertThat(testBed.mailbox(ADA).fruitless()).isEqualTo(3);
        await().until(() -> syncs(ADA) == 1);

        testBed.clock.advance(DELAY);
        await().until(() -> syncs(ADA) == 2);
        assertThat(testBed.compensator.silentAt(testBed.mailbox(ADA))).isEmpty();
        assertThat(testBed.compensator.nextStep(testBed.mailbox(ADA)).action()).isEqualTo("probe of push");
        assertThat(testBed.compensator.nextStep(testBed.mailbox(ADA)).at())
                .contains(testBed.clock.instant().plus(WINDOW.minus(DELAY)));

        var subscribed = testBed.exchange.subscribed.size();
        testBed.clock.advance(WINDOW.minus(DELAY));
        await().until(() -> testBed.exchange.subscribed.size() > subscribed);
        await().until(() -> syncs(ADA) == 3);
        assertThat(testBed.exchange.subscribed.getLast()).isEqualTo(ADA);
        testBed.heartbeat(ADA);
        assertThat(testBed.mailbox(ADA).degraded()).isEmpty();

        testBed.clock.advance(DELAY);
        await().until(() -> testBed.compensator.counters().resyncs() == 1);
        assertThat(testBed.mailbox(ADA).state()).isEqualTo(new MailboxState.Active());
        await().until(() -> testBed.compensator.fallbackCounters().degraded() == 0);
        assertThat(types(ADA))
                .containsSubsequence("mailbox.push.degraded", "mailbox.push.restored", "mailbox.resync.completed");
    }

    @Test
    void polls_go_on_after_a_restart() {
        suspendPush(ADA);
        await().until(() -> syncs(ADA) == 1);
        stop();
        start(FallbackConfig.Transport.POLL);
        await().until(() -> syncs(ADA) == 2);
        assertThat(types(ADA)).containsOnlyOnce("mailbox.push.degraded");
    }

    @Test
    void without_a_transport_push_is_tried_on_and_on() {
        stop();
        start(FallbackConfig.Transport.NONE);
        for (var lost = 1; lost <= 5; lost++) {
            var before = count(ADA);
            await().until(() -> testBed.compensator.counters().inFlight() == 0);
            testBed.clock.advance(WINDOW);
            await().until(() -> count(ADA) > before);
        }
        assertThat(types(ADA)).doesNotContain("mailbox.push.degraded");
        assertThat(testBed.exchange.synced).isEmpty();
    }

    @Test
    void a_callback_for_one_mailbox_has_the_others_tried_at_once() {
        testBed.compensator.raise(testBed.enrol(EVE));
        await().until(() -> testBed.mailbox(EVE).live().isPresent());
        suspendPush(ADA, EVE);
        // so long that the next scheduled probe is far away
        for (var tries = 1; tries <= 3; tries++) {
            var before = Math.min(count(ADA), count(EVE));
            testBed.clock.advance(Duration.ofHours(3));
            await().until(() -> Math.min(count(ADA), count(EVE)) > before);
        }
        testBed.clock.advance(WINDOW.plusSeconds(10));
        var before = count(EVE);

        testBed.heartbeat(ADA);
        testBed.clock.advance(DELAY);

        await().until(() -> count(EVE) > before);
    }

    /// Lets subscriptions die, three of them compensations, until push is suspended for all `addresses`.
    private void suspendPush(String... addresses) {
        for (var lost = 1; lost <= 4; lost++) {
            var before = testBed.exchange.subscribed.size();
            await().until(() -> testBed.compensator.counters().inFlight() == 0
                    && testBed.compensator.counters().due() == 0);
            testBed.clock.advance(WINDOW);
            if (lost < 4) {
                await().until(() -> testBed.exchange.subscribed.size() >= before + addresses.length);
            }
        }
        await().until(() -> List.of(addresses).stream()
                .allMatch(address -> testBed.mailbox(address).state() instanceof MailboxState.Degraded));
    }

    private long count(String address) {
        return testBed.exchange.subscribed.stream()
                .filter(line -> line.startsWith(address))
                .count();
    }

    private long syncs(String address) {
        return testBed.exchange.synced.stream().filter(address::equals).count();
    }

    private List<String> types(String address) {
        var source = testBed.mailbox(address).id();
        return testBed.store.journal().read(JournalPosition.START, 1000).stream()
                .filter(event -> event.source().toString().contains(source.value()))
                .map(JournalEvent::type)
                .toList();
    }

    private void start(FallbackConfig.Transport transport) {
        var fallback = new FallbackConfig(3, transport, FallbackConfig.NONE.delay(), FallbackConfig.NONE.streaming());
        testBed.start(CompensatorTestBed.config(Duration.ofMillis(50), 20, fallback), List.of(ADA));
        await().until(() -> testBed.mailbox(ADA).live().isPresent());
    }
}
