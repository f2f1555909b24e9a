package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ReadableTime;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an answer means for the requests after it, of its mailbox or of all. Safe for use by many threads.
final class ConnectionBackoffController {
    private static final Logger log = LoggerFactory.getLogger(ConnectionBackoffController.class);

    private final String connection;
    private final Duration maxBackoff;
    private final RequestScheduler turns;
    private final BackoffTracker pauses;
    private final FaultAttribution attribution;
    private final ConnectionAvailability availability;
    private final Counts counts;

    /// Request counters of all connections, and of this one.
    record Counts(SubscriberStats total, ConnectionStats own) {}

    /// Parts that the responses of one connection change.
    record Levers(
            RequestScheduler turns,
            BackoffTracker pauses,
            FaultAttribution attribution,
            ConnectionAvailability availability) {}

    ConnectionBackoffController(String connection, Duration maxBackoff, Levers levers, Counts counts) {
        this.connection = connection;
        this.maxBackoff = maxBackoff;
        this.turns = levers.turns();
        this.pauses = levers.pauses();
        this.attribution = levers.attribution();
        this.availability = levers.availability();
        this.counts = counts;
    }

    /// Counts a response and applies its consequences. Returns the same response, with one exception: the probe
    /// interval replaces a requested wait that is not believed, so that all schedules follow it.
    <R> EwsResult<R> of(
            EwsResult<R> answer,
            RequestPriority priority,
            Optional<MailboxAddress> mailbox,
            RequestScheduler.Permit pass) {
        counts.total().requests.increment();
        counts.own().sent(priority);
        if (EwsErrorTraits.isStale(answer)) {
            return answer;
        }
        return switch (answer) {
            case EwsResult.Success<R> success -> {
                attribution.succeeded(mailbox);
                answered(mailbox);
                yield success;
            }
            case EwsResult.Refused<R> refused -> {
                counts.total().refused.increment();
                counts.own().refused();
                yield new EwsResult.Refused<>(refused(refused.error(), mailbox, pass));
            }
        };
    }

    private EwsError refused(EwsError error, Optional<MailboxAddress> mailbox, RequestScheduler.Permit pass) {
        if (error instanceof EwsError.RetryNarrower) {
            turns.tooMany(pass.startedUnder()).ifPresent(width -> narrowed(width, error));
            return error;
        }
        if (EwsErrorTraits.isOurDoing(error)) {
            return error;
        }
        var fault = EwsErrorTraits.mayBeOfConnection(error)
                ? Optional.of(attribution.refused(mailbox, error))
                : Optional.<FaultAttribution.Fault>empty();
        var heard = error instanceof EwsError.RetryAfter retry
                ? retried(
                        retry,
                        mailbox,
                        fault.filter(FaultAttribution.Fault.MAILBOX::equals).isPresent())
                : error;
        fault.ifPresent(whose -> availability.refused(heard, whose));
        if (EwsErrorTraits.provesTheWay(error)) {
            attribution.succeeded(mailbox);
            availability.answered(isHeldBack());
        }
        if (!(error instanceof EwsError.RetryAfter)) {
            eased(mailbox);
        }
        return heard;
    }

    private EwsError retried(EwsError.RetryAfter error, Optional<MailboxAddress> mailbox, boolean failsAlone) {
        if (EwsErrorTraits.isDoubtedLogin(error)) {
            // directories lock accounts that show too many wrong passwords
            turns.singleFile(true);
        }
        var effect = pauses.failed(mailbox, error, failsAlone);
        var heard = new EwsError.RetryAfter(
                error.code(), text(error), effect.retryAfter().or(error::backOff));
        effect.held().ifPresent(pause -> paused(pause, heard));
        return heard;
    }

    private String text(EwsError.RetryAfter error) {
        return error.backOff()
                .filter(asked -> !RetryBackoff.isCredible(asked, maxBackoff))
                .map(asked ->
                        "%s The pause of %d s that it asks for is longer than limits.max-backoff (%d s) and not obeyed."
                                .formatted(error.text(), asked.toSeconds(), maxBackoff.toSeconds())
                                .strip())
                .orElse(error.text());
    }

    private void answered(Optional<MailboxAddress> mailbox) {
        eased(mailbox);
        availability.answered(isHeldBack());
    }

    private boolean isHeldBack() {
        return pauses.until(Optional.empty()).isPresent();
    }

    private void eased(Optional<MailboxAddress> mailbox) {
        pauses.answered(mailbox);
        turns.singleFile(false);
        turns.bearable()
                .ifPresent(width -> log.info("Connection {} takes {} requests at once again", connection, width));
    }

    private void paused(BackoffTracker.Held pause, EwsError error) {
        if (pause.begins()) {
            counts.total().pauses.increment();
            counts.own().paused();
        }
        if (pause.isNews()) {
            log.warn(
                    "Connection {} backs off until {}: {} {}",
                    connection,
                    ReadableTime.of(pause.until()),
                    error.code(),
                    error.text());
        }
        if (!pause.believed()) {
            // one probe at a time
            turns.singleFile(true);
        }
        turns.review();
        availability.heldBack(error, pause.until(), pause.believed());
    }

    private void narrowed(int width, EwsError error) {
        counts.own().narrowed();
        log.warn(
                "Connection {} is narrowed to {} requests at once: {} {}",
                connection,
                width,
                error.code(),
                error.text());
    }
}
