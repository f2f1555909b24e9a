package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.FaultOccasion;
import dev.tidemark.simulator.mailbox.LoggedEvent;
import dev.tidemark.simulator.mailbox.ResponseErrorException;
import dev.tidemark.simulator.soap.SoapWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Envelopes of one stream: an opening one, events, heartbeats, and a final one with Closed. Not thread-safe;
/// used by the stream's thread.
final class StreamingResponse implements AutoCloseable {
    private static final String OPERATION = "GetStreamingEvents";

    /// Interval between checks for new events.
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(20);

    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

    /// State that all streams share.
    record Dependencies(Clock clock, RequestFaults faults, Runnable end) {}

    private final List<StreamingSubscription> subscriptions;
    private final List<String> missing;
    private final Clock clock;
    private final RequestFaults faults;
    private final Instant end;
    private final Runnable release;
    private Optional<Instant> spokenAt = Optional.empty();
    private boolean closed;

    StreamingResponse(
            List<StreamingSubscription> subscriptions, List<String> lost, Dependencies dependencies, Instant end) {
        this.subscriptions = List.copyOf(subscriptions);
        this.missing = List.copyOf(lost);
        clock = dependencies.clock();
        faults = dependencies.faults();
        release = dependencies.end();
        this.end = end;
    }

    /// Waits for the next envelope. Returns empty at the end or if the thread is interrupted.
    Optional<String> next() {
        while (!closed && !Thread.currentThread().isInterrupted()) {
            var envelope = envelope(clock.instant());
            if (envelope.isPresent()) {
                spokenAt = Optional.of(clock.instant());
                return envelope;
            }
            LockSupport.parkNanos(CHECK_INTERVAL.toNanos());
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        release.run();
    }

    private Optional<String> envelope(Instant now) {
        if (!missing.isEmpty()) {
            closed = true;
            return Optional.of(missingSubscriptions(missing));
        }
        if (spokenAt.isEmpty()) {
            return Optional.of(status("OK"));
        }
        for (var subscription : subscriptions) {
            var events = subscription.next();
            if (subscription.isOver()) {
                closed = true;
                return Optional.of(
                        missingSubscriptions(List.of(subscription.id().value())));
            }
            if (!events.isEmpty()) {
                var occasion = FaultOccasion.of(subscription.mailbox().address(), OPERATION);
                return Optional.of(faults.markup(events(subscription, events), occasion));
            }
        }
        if (!now.isBefore(end)) {
            closed = true;
            return Optional.of(status("Closed"));
        }
        return now.isBefore(spokenAt.get().plus(SIGN_OF_LIFE)) ? Optional.empty() : Optional.of(status("OK"));
    }

    private static String status(String status) {
        return SoapWriter.streamed(
                OPERATION, SoapWriter.success(OPERATION, xml -> xml.text("m:ConnectionStatus", status)));
    }

    private static String events(StreamingSubscription subscription, List<LoggedEvent> events) {
        return SoapWriter.streamed(OPERATION, SoapWriter.success(OPERATION, xml -> {
            xml.open("m:Notifications")
                    .open("m:Notification")
                    .text("t:SubscriptionId", subscription.id().value());
            events.forEach(event -> NotificationWriter.streamed(xml, event));
            xml.close().close();
        }));
    }

    private static String missingSubscriptions(List<String> ids) {
        var refusal = new ResponseErrorException("ErrorSubscriptionNotFound", "The subscription was not found.");
        return SoapWriter.streamed(OPERATION, SoapWriter.refusal(OPERATION, refusal, xml -> {
            xml.open("m:ErrorSubscriptionIds");
            ids.forEach(id -> xml.text("t:SubscriptionId", id));
            xml.close().text("m:ConnectionStatus", "Closed");
        }));
    }
}
