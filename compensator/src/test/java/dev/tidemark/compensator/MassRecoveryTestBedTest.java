package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Measures the recovery from outages that silence all mailboxes, on a simulated clock, and compares it with
/// the rate.
class MassRecoveryTestBedTest {
    @TempDir
    private Path folder;

    @Test
    void exchange_is_down_for_ten_minutes() {
        down(1_000, 1);
    }

    @Tag("soak")
    @Test
    void exchange_is_down_for_ten_minutes_with_twenty_thousand() {
        down(20_000, 20);
    }

    @Test
    void the_daemon_is_down_for_longer_than_the_status_frequency() {
        try (var testBed = new MassRecoveryTestBed(folder, 400, 1)) {
            testBed.subscribeAll();
            testBed.stopDaemon();
            testBed.forgetSubscriptions();
            testBed.pass(Duration.ofMinutes(30));
            testBed.startDaemon();
            assertRecovery(testBed, 400, 1, testBed.runUntilAllLive());
        }
    }

    private void down(int mailboxes, int rate) {
        try (var testBed = new MassRecoveryTestBed(folder, mailboxes, rate)) {
            testBed.subscribeAll();
            testBed.startDaemon();
            testBed.exchangeGoes();
            testBed.run(Duration.ofMinutes(10));
            assertThat(testBed.recovery()).as("reported during the outage").isPresent();
            testBed.exchangeComes();
            assertRecovery(testBed, mailboxes, rate, testBed.runUntilAllLive());
        }
    }

    private static void assertRecovery(MassRecoveryTestBed testBed, int mailboxes, int rate, Duration took) {
        var ideal = Duration.ofSeconds(mailboxes / rate);
        System.out.printf(
                "%d mailboxes at %d a second: all live after %.1f s, ideal %d s (%+.1f %%), at most %d in a second%n",
                mailboxes,
                rate,
                took.toMillis() / 1000.0,
                ideal.toSeconds(),
                100.0 * took.toMillis() / ideal.toMillis() - 100,
                testBed.mostInASecond());
        assertThat(took).isLessThan(ideal.multipliedBy(11).dividedBy(10));
        assertThat(testBed.mostInASecond()).isLessThanOrEqualTo(rate);
        assertThat(testBed.outOfOrder())
                .as("granted before a mailbox that was silent for longer")
                .isLessThanOrEqualTo(20);
        assertThat(testBed.recovery()).as("over").isEmpty();
    }
}
