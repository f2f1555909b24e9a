package dev.tidemark.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.schedule.ManualScheduler;
import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultInjectorTest {
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");

    @Test
    void rations_what_the_daemon_answers_with_a_growing_back_off() {
        var time = new ManualScheduler(Instant.parse("2026-03-01T08:00:00Z"));
        try (var exchange = SimulatedExchange.start(SimulatorConfig.defaults(), time)) {
            exchange.addMailbox(ADA);
            var mischief = new FaultInjector(exchange, List.of(ADA), time.clock(), 3);
            for (var i = 0; i < 200; i++) {
                mischief.injectFault();
                time.advance(Duration.ofSeconds(1));
            }

            assertThat(exchange.faults().pending(SimulatorFault.LOSE_NOTIFICATION, ADA)
                            + exchange.faults().pending(SimulatorFault.ERROR_CALLBACK, ADA))
                    .isEqualTo(2);
            assertThat(exchange.faults().pending(SimulatorFault.LOSE_REPLY, ADA))
                    .isGreaterThan(2);
        }
    }
}
