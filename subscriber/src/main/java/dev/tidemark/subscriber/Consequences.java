package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsAnswer;
import dev.tidemark.ews.EwsError;
import dev.tidemark.ews.MailboxAddress;
import dev.tidemark.ews.ReadableTime;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an answer means for the requests after it, of its mailbox or of all. Safe for use by many threads.
final class Consequences {
    private static final Logger log = LoggerFactory.getLogger(Consequences.class);

    private final String connection;
    private final Turns turns;
    private final Pauses pauses;
    private final Tally total;
    private final ConnectionTally tally;
    private final Availability availability;

    Consequences(
            String connection,
            Turns turns,
            Pauses pauses,
            Tally total,
            ConnectionTally tally,
            Availability availability) {
        this.connection = connection;
        this.turns = turns;
        this.pauses = pauses;
        this.total = total;
        this.tally = tally;
        this.availability = availability;
    }

    /// Counts it and draws them; the answer stays as it is.
    <R> EwsAnswer<R> of(EwsAnswer<R> answer, Priority priority, Optional<MailboxAddress> mailbox, Turns.Pass pass) {
        total.requests.increment();
        tally.sent(priority);
        if (Signs.isStale(answer)) {
            return answer;
        }
        switch (answer) {
            case EwsAnswer.Success<R> ignored -> {
                availability.answered();
                answered(mailbox);
            }
            case EwsAnswer.Refused<R> refused -> {
                total.refused.increment();
                tally.refused();
                availability.refused(refused.error());
                refused(refused.error(), mailbox, pass);
            }
        }
        return answer;
    }

    private void refused(EwsError error, Optional<MailboxAddress> mailbox, Turns.Pass pass) {
        if (error instanceof EwsError.RetryAfter retry) {
            if (Signs.isDoubtedLogin(retry)) {
                // directories lock accounts that show too many wrong passwords
                turns.singleFile(true);
            }
            pauses.failed(mailbox, retry).ifPresent(until -> paused(until, retry));
        } else if (error instanceof EwsError.RetryNarrower) {
            turns.tooMany(pass.startedUnder()).ifPresent(width -> narrowed(width, error));
        } else {
            answered(mailbox);
        }
    }

    private void answered(Optional<MailboxAddress> mailbox) {
        pauses.answered(mailbox);
        turns.singleFile(false);
        turns.bearable()
                .ifPresent(width -> log.info("Connection {} takes {} requests at once again", connection, width));
    }

    private void paused(Instant until, EwsError error) {
        total.pauses.increment();
        tally.paused();
        log.warn(
                "Connection {} is held back until {}: {} {}",
                connection,
                ReadableTime.of(until),
                error.code(),
                error.text());
        turns.review();
    }

    private void narrowed(int width, EwsError error) {
        tally.narrowed();
        log.warn(
                "Connection {} is narrowed to {} requests at once: {} {}",
                connection,
                width,
                error.code(),
                error.text());
    }
}
