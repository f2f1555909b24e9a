package dev.tidemark.demo;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Delivers mails to the mailboxes in turn at a total rate per second, independent of the time that a delivery
/// takes.
final class MailGenerator {
    private final SimulatedExchange exchange;
    private final List<MailboxAddress> mailboxes;
    private final Clock clock;
    private final InterruptHandler interrupt;

    MailGenerator(SimulatedExchange exchange, List<MailboxAddress> mailboxes, Clock clock, InterruptHandler interrupt) {
        this.exchange = exchange;
        this.mailboxes = List.copyOf(mailboxes);
        this.clock = clock;
        this.interrupt = interrupt;
    }

    /// Delivers until the duration has passed or the end is requested. A duration of zero means no limit.
    void deliver(double rate, Duration duration) {
        var start = clock.instant();
        for (var number = 0L; !over(start, duration); number++) {
            var due = start.plusNanos((long) (number * 1_000_000_000.0 / rate));
            if (waitedInVain(start, duration, due)) {
                return;
            }
            exchange.mailbox(mailboxes.get((int) (number % mailboxes.size()))).deliver("Mail number " + (number + 1));
        }
    }

    private boolean waitedInVain(Instant start, Duration duration, Instant due) {
        var wait = Duration.between(clock.instant(), due);
        return (wait.isPositive() && interrupt.await(wait)) || over(start, duration);
    }

    private boolean over(Instant start, Duration duration) {
        var timeIsUp = !duration.isZero() && !clock.instant().isBefore(start.plus(duration));
        return timeIsUp || interrupt.await(Duration.ZERO);
    }
}
