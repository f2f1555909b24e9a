package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ReadableTime;
import dev.tidemark.values.ResponseCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decides whether to trust a 401. Exchange and its proxies also send 401 when they are overloaded
/// (exchangelib, protocol.py). A server may refuse the account only for mailboxes of another server. So
/// credentials that worked are tried again for a while before the refusal counts. A directory locks accounts
/// after a few wrong passwords, so the tries are few, with growing intervals. Credentials that were refused
/// permanently for two mailboxes are not sent with every request. Thread-safe.
final class LoginCircuitBreaker {
    /// Codes of a refused login. Proxies with a login form send 440.
    private static final Set<String> REFUSALS = Set.of("Http401", "Http440");

    private static final Duration RETRY_PERIOD = Duration.ofMinutes(10);
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(30);

    /// Short, so that an operator soon sees the result of a correction.
    private static final Duration OPEN_TIME = Duration.ofMinutes(1);

    private final Clock clock;
    private final Map<Optional<MailboxAddress>, Instant> refusedSince = new HashMap<>();
    private boolean hasWorked;
    private Optional<RefusalStreak> refusal = Optional.empty();

    /// Refusals since the credentials last worked.
    ///
    /// @param mailboxes mailboxes that were refused; a single one may itself be at fault
    /// @param trustedAt time of the last refusal that counted as permanent
    private record RefusalStreak(
            Instant since, Set<Optional<MailboxAddress>> mailboxes, Optional<Instant> trustedAt, EwsError error) {
        boolean appliesTo(Optional<MailboxAddress> mailbox) {
            return mailboxes.size() > 1 || mailboxes.contains(mailbox);
        }
    }

    LoginCircuitBreaker(Clock clock) {
        this.clock = clock;
    }

    /// Returns the recent refusal that replaces a request for this mailbox, if any.
    synchronized Optional<EwsError> recentRefusal(Optional<MailboxAddress> mailbox) {
        var now = clock.instant();
        return refusal.filter(streak -> streak.appliesTo(mailbox))
                .filter(streak -> streak.trustedAt()
                        .filter(at -> !now.isBefore(at) && now.isBefore(at.plus(OPEN_TIME)))
                        .isPresent())
                .map(RefusalStreak::error);
    }

    /// Lets the next request reach the server despite a recent refusal.
    synchronized void allowNextRequest() {
        refusal = refusal.map(
                streak -> new RefusalStreak(streak.since(), streak.mailboxes(), Optional.empty(), streak.error()));
    }

    /// Returns the same response, or a milder one.
    synchronized <R> EwsResult<R> classify(Optional<MailboxAddress> mailbox, EwsResult<R> result) {
        if (!(result instanceof EwsResult.Refused<R>(EwsError error))) {
            recordSuccess(mailbox);
            return result;
        }
        if (REFUSALS.contains(error.code().value())) {
            return new EwsResult.Refused<>(recordRefusal(mailbox, error));
        }
        if (isFromEws(error)) {
            recordSuccess(mailbox);
        }
        return result;
    }

    /// Returns whether Exchange itself sent the error, which requires a login.
    private static boolean isFromEws(EwsError error) {
        return error.code().value().startsWith("Error");
    }

    private void recordSuccess(Optional<MailboxAddress> mailbox) {
        hasWorked = true;
        refusal = Optional.empty();
        refusedSince.remove(mailbox);
    }

    private EwsError recordRefusal(Optional<MailboxAddress> mailbox, EwsError error) {
        var now = clock.instant();
        var since = refusal.map(RefusalStreak::since)
                .filter(at -> !now.isBefore(at))
                .orElse(now);
        var mailboxes = new HashSet<>(refusal.map(RefusalStreak::mailboxes).orElse(Set.of()));
        mailboxes.add(mailbox);
        var duration = Duration.between(since, now);
        hasWorked &= duration.compareTo(RETRY_PERIOD) < 0;
        refusal = Optional.of(
                new RefusalStreak(since, mailboxes, hasWorked ? Optional.empty() : Optional.of(now), error));
        if (!hasWorked) {
            return error;
        }
        return isForThisMailbox(mailbox, now)
                ? errorForMailbox(error.code())
                : temporaryError(error.code(), mailboxes.size(), duration, since.plus(RETRY_PERIOD));
    }

    /// Returns whether the server accepted other mailboxes while it refused this one.
    private boolean isForThisMailbox(Optional<MailboxAddress> mailbox, Instant now) {
        var since = refusedSince.merge(mailbox, now, (before, first) -> before.isAfter(first) ? first : before);
        return !now.isBefore(since.plus(RETRY_PERIOD));
    }

    private static EwsError errorForMailbox(ResponseCode code) {
        return new EwsError.PermanentForMailbox(
                code,
                "The server accepts the account for other mailboxes and refuses it for this one; check the server that"
                        + " serves this mailbox, and the authentication of its EWS directory.");
    }

    /// Treats the refusal of one mailbox as a failure of its server. Refusals of two mailboxes without a success
    /// in between concern the account; then all mailboxes back off for as long as the refusals have lasted.
    private static EwsError temporaryError(ResponseCode code, int mailboxes, Duration duration, Instant end) {
        var backOff = duration.compareTo(FIRST_BACKOFF) > 0 ? duration : FIRST_BACKOFF;
        return new EwsError.RetryAfter(
                code,
                "The server refuses credentials that it has accepted before; some servers do so under load. Tidemark"
                        + " retries until " + ReadableTime.of(end) + " before the refusal counts.",
                mailboxes == 1 ? Optional.empty() : Optional.of(backOff));
    }
}
