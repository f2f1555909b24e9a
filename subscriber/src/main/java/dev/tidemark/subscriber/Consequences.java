package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsAnswer;
import dev.tidemark.ews.EwsError;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ReadableTime;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an answer means for the requests after it, of its mailbox or of all. Safe for use by many threads.
final class Consequences {
    private static final Logger log = LoggerFactory.getLogger(Consequences.class);

    private final String connection;
    private final Duration maxBackoff;
    private final Turns turns;
    private final Pauses pauses;
    private final FaultAttribution attribution;
    private final Availability availability;
    private final Counts counts;

    /// Request counters of all connections, and of this one.
    record Counts(Tally total, ConnectionTally own) {}

    /// Parts that the responses of one connection change.
    record Levers(Turns turns, Pauses pauses, FaultAttribution attribution, Availability availability) {}

    Consequences(String connection, Duration maxBackoff, Levers levers, Counts counts) {
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
    <R> EwsAnswer<R> of(EwsAnswer<R> answer, Priority priority, Optional<MailboxAddress> mailbox, Turns.Pass pass) {
        counts.total().requests.increment();
        counts.own().sent(priority);
        if (Signs.isStale(answer)) {
            return answer;
        }
        return switch (answer) {
            case EwsAnswer.Success<R> success -> {
                attribution.succeeded(mailbox);
                answered(mailbox);
                yield success;
            }
            case EwsAnswer.Refused<R> refused -> {
                counts.total().refused.increment();
                counts.own().refused();
                yield new EwsAnswer.Refused<>(refused(refused.error(), mailbox, pass));
            }
        };
    }

    private EwsError refused(EwsError error, Optional<MailboxAddress> mailbox, Turns.Pass pass) {
        if (error instanceof EwsError.RetryNarrower) {
            turns.tooMany(pass.startedUnder()).ifPresent(width -> narrowed(width, error));
            return error;
        }
        if (Signs.isOurDoing(error)) {
            return error;
        }
        var fault = Signs.mayBeOfConnection(error)
                ? Optional.of(attribution.refused(mailbox, error))
                : Optional.<FaultAttribution.Fault>empty();
        var heard = error instanceof EwsError.RetryAfter retry
                ? retried(
                        retry,
                        mailbox,
                        fault.filter(FaultAttribution.Fault.MAILBOX::equals).isPresent())
                : error;
        fault.ifPresent(whose -> availability.refused(heard, whose));
        if (Signs.provesTheWay(error)) {
            attribution.succeeded(mailbox);
            availability.answered(isHeldBack());
        }
        if (!(error instanceof EwsError.RetryAfter)) {
            eased(mailbox);
        }
        return heard;
    }

    private EwsError retried(EwsError.RetryAfter error, Optional<MailboxAddress> mailbox, boolean failsAlone) {
        if (Signs.isDoubtedLogin(error)) {
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
                .filter(asked -> !Backoff.isCredible(asked, maxBackoff))
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

    private void paused(Pauses.Held pause, EwsError error) {
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
