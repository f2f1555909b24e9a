package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Outages that leave everybody silent, on a simulated clock: how long it takes until the last one is live
/// again, against what the rate allows.
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
        try (var storm = new MassRecoveryTestBed(folder, 400, 1)) {
            storm.subscribeAll();
            storm.stopDaemon();
            storm.forgetSubscriptions();
            storm.pass(Duration.ofMinutes(30));
            storm.startDaemon();
            judge(storm, 400, 1, storm.runUntilAllLive());
        }
    }

    private void down(int mailboxes, int rate) {
        try (var storm = new MassRecoveryTestBed(folder, mailboxes, rate)) {
            storm.subscribeAll();
            storm.startDaemon();
            storm.exchangeGoes();
            storm.run(Duration.ofMinutes(10));
            assertThat(storm.rush()).as("told during the outage").isPresent();
            storm.exchangeComes();
            judge(storm, mailboxes, rate, storm.runUntilAllLive());
        }
    }

    private static void judge(MassRecoveryTestBed storm, int mailboxes, int rate, Duration took) {
        var ideal = Duration.ofSeconds(mailboxes / rate);
        System.out.printf(
                "%d mailboxes at %d a second: all live after %.1f s, ideal %d s (%+.1f %%), at most %d in a second%n",
                mailboxes,
                rate,
                took.toMillis() / 1000.0,
                ideal.toSeconds(),
                100.0 * took.toMillis() / ideal.toMillis() - 100,
                storm.mostInASecond());
        assertThat(took).isLessThan(ideal.multipliedBy(11).dividedBy(10));
        assertThat(storm.mostInASecond()).isLessThanOrEqualTo(rate);
        assertThat(storm.outOfOrder())
                .as("granted before somebody silent for longer")
                .isLessThanOrEqualTo(20);
        assertThat(storm.rush()).as("over").isEmpty();
    }
}
