package dev.tidemark.demo;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.fault.FaultScope;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Injects random faults from a seed. Limits gaps and error callbacks, because the daemon backs off longer after
/// each consecutive one. The demonstration cannot wait for minutes.
final class FaultInjector {
    private static final int RATION = 2;
    private static final int MAX_MINUTES_OFF = 300;
    private static final FaultScope ABSURD_WAIT = FaultScope.ANYWHERE.withValue("31536000");
    private static final Duration RATION_TIME = Duration.ofMinutes(6);

    private final SimulatedExchange exchange;
    private final List<MailboxAddress> mailboxes;
    private final Clock clock;
    private final Random random;
    private final Map<MailboxAddress, Deque<Instant>> rations = new HashMap<>();

    FaultInjector(SimulatedExchange exchange, List<MailboxAddress> mailboxes, Clock clock, long seed) {
        this.exchange = exchange;
        this.mailboxes = List.copyOf(mailboxes);
        this.clock = clock;
        random = new Random(seed);
    }

    /// Injects one fault into one mailbox.
    void injectFault() {
        var faults = SimulatorFault.values();
        var mailbox = mailboxes.get(random.nextInt(mailboxes.size()));
        var fault = faults[random.nextInt(faults.length)];
        switch (fault) {
            case LOSE_NOTIFICATION, ERROR_CALLBACK, REORDER_CALLBACK -> {
                if (rationed(mailbox)) {
                    exchange.faults().next(fault, mailbox, 1);
                }
            }
            case BUSY_FAULT, BUSY_MESSAGE, BUSY_INNER, HTML_ERROR ->
                exchange.faults().next(fault, 1);
            case UNAVAILABLE ->
                exchange.faults().next(fault, random.nextInt(4) == 0 ? ABSURD_WAIT : FaultScope.ANYWHERE, 1);
            case COMPRESS_RESPONSE, SLOW_RESPONSE, HALF_RESPONSE ->
                exchange.faults().next(fault, 1);
            // the daemon's retries of a login and of a failed mailbox take longer than a demonstration
            case UNAUTHORIZED, FORBIDDEN, DENY_IMPERSONATION ->
                exchange.faults().next(SimulatorFault.UNAVAILABLE, 1);
            case FORGET_SUBSCRIPTION -> exchange.forgetSubscriptions(mailbox);
            case REFUSE_WATERMARK, EXPIRE_WATERMARK -> {
                // Exchange refuses a watermark only in a new subscription
                exchange.faults().next(fault, mailbox, 1);
                exchange.forgetSubscriptions(mailbox);
            }
            case LOSE_REPLY, UNREACHABLE, REFUSE_SYNC_STATE, EARLY_NOTIFICATION, LOSE_SUBSCRIBE_RESPONSE ->
                exchange.faults().next(fault, mailbox, 1);
            case CORRUPT_ITEM, CONTROL_CHARACTERS, REPEAT_PAGE ->
                exchange.faults().next(fault, mailbox, 1);
            case DUPLICATE_CALLBACK, TRUNCATE_CALLBACK -> exchange.faults().next(fault, mailbox, 1);
            case DELAY_CALLBACK -> exchange.faults().next(fault, FaultScope.ANYWHERE.withValue("2s"), 1);
            case DEAD_STREAM -> {
                // the daemon of the demonstration does not stream
            }
            case CLOSE_IDLE, CLOSE_ON_USE -> exchange.faults().next(fault, 1);
            case CLOCK_OFFSET ->
                exchange.faults()
                        .clockOffset(Duration.ofMinutes(random.nextInt(2 * MAX_MINUTES_OFF) - MAX_MINUTES_OFF));
        }
    }

    private boolean rationed(MailboxAddress mailbox) {
        var taken = rations.computeIfAbsent(mailbox, key -> new ArrayDeque<>());
        taken.removeIf(at -> at.plus(RATION_TIME).isBefore(clock.instant()));
        if (taken.size() >= RATION) {
            return false;
        }
        return taken.add(clock.instant());
    }
}
