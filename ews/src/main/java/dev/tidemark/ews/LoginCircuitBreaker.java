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

/// Decides whether to trust a 401. Exchange and its proxies also send 401 when they are overloaded (exchangelib,
/// protocol.py), and a server may refuse the account only for mailboxes of another server. So credentials that
/// worked are tried again for a while before the refusal counts. A directory locks accounts after a few wrong
/// passwords, so the tries are few, with growing intervals. Credentials that were refused permanently for two
/// mailboxes are not sent with every request. Thread-safe.
final class LoginCircuitBreaker {
    /// Codes of a refused login. Proxies with a login form send 440.
    private static final Set<String> REFUSALS = Set.of("Http401", "Http440");

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);

    /// Short, so that an operator soon sees the result of a correction.
    private static final Duration SPARED = Duration.ofMinutes(1);

    private final Clock clock;
    private final Map<Optional<MailboxAddress>, Instant> refusedSince = new HashMap<>();
    private boolean worked;
    private Optional<RefusalStreak> refusal = Optional.empty();

    /// Refusals since the credentials last worked.
    ///
    /// @param mailboxes mailboxes that were refused; a single one may itself be at fault
    /// @param believed time of the last refusal that counted as permanent
    private record RefusalStreak(
            Instant since, Set<Optional<MailboxAddress>> mailboxes, Optional<Instant> believed, EwsError error) {
        boolean concerns(Optional<MailboxAddress> mailbox) {
            return mailboxes.size() > 1 || mailboxes.contains(mailbox);
        }
    }

    LoginCircuitBreaker(Clock clock) {
        this.clock = clock;
    }

    /// Returns the recent refusal that replaces a request for this mailbox, if any.
    synchronized Optional<EwsError> spared(Optional<MailboxAddress> mailbox) {
        var now = clock.instant();
        return refusal.filter(said -> said.concerns(mailbox))
                .filter(said -> said.believed()
                        .filter(at -> !now.isBefore(at) && now.isBefore(at.plus(SPARED)))
                        .isPresent())
                .map(RefusalStreak::error);
    }

    /// Lets the next request reach the server despite a recent refusal.
    synchronized void askAgain() {
        refusal =
                refusal.map(said -> new RefusalStreak(said.since(), said.mailboxes(), Optional.empty(), said.error()));
    }

    /// Returns the same response, or a milder one.
    synchronized <R> EwsResult<R> judge(Optional<MailboxAddress> mailbox, EwsResult<R> answer) {
        if (!(answer instanceof EwsResult.Refused<R>(EwsError error))) {
            accepted(mailbox);
            return answer;
        }
        if (REFUSALS.contains(error.code().value())) {
            return new EwsResult.Refused<>(refused(mailbox, error));
        }
        if (isFromEws(error)) {
            accepted(mailbox);
        }
        return answer;
    }

    /// Returns whether Exchange itself sent the error, which requires a login.
    private static boolean isFromEws(EwsError error) {
        return error.code().value().startsWith("Error");
    }

    private void accepted(Optional<MailboxAddress> mailbox) {
        worked = true;
        refusal = Optional.empty();
        refusedSince.remove(mailbox);
    }

    private EwsError refused(Optional<MailboxAddress> mailbox, EwsError error) {
        var now = clock.instant();
        var since = refusal.map(RefusalStreak::since)
                .filter(at -> !now.isBefore(at))
                .orElse(now);
        var mailboxes = new HashSet<>(refusal.map(RefusalStreak::mailboxes).orElse(Set.of()));
        mailboxes.add(mailbox);
        var lasts = Duration.between(since, now);
        worked &= lasts.compareTo(PATIENCE) < 0;
        refusal = Optional.of(new RefusalStreak(since, mailboxes, worked ? Optional.empty() : Optional.of(now), error));
        if (!worked) {
            return error;
        }
        return isForThisMailbox(mailbox, now)
                ? ofMailbox(error.code())
                : doubted(error.code(), mailboxes.size(), lasts, since.plus(PATIENCE));
    }

    /// Returns whether the server accepted other mailboxes while it refused this one.
    private boolean isForThisMailbox(Optional<MailboxAddress> mailbox, Instant now) {
        var since = refusedSince.merge(mailbox, now, (before, first) -> before.isAfter(first) ? first : before);
        return !now.isBefore(since.plus(PATIENCE));
    }

    private static EwsError ofMailbox(ResponseCode code) {
        return new EwsError.PermanentForMailbox(
                code,
                "The server accepts the account for other mailboxes and refuses it for this one; check the server that"
                        + " serves this mailbox, and the authentication of its EWS directory.");
    }

    /// Treats the refusal of one mailbox as a failure of its server. Refusals of two mailboxes without a success
    /// in between concern the account; then all mailboxes back off for as long as the refusals have lasted.
    private static EwsError doubted(ResponseCode code, int mailboxes, Duration lasts, Instant end) {
        var pause = lasts.compareTo(FIRST_PAUSE) > 0 ? lasts : FIRST_PAUSE;
        return new EwsError.RetryAfter(
                code,
                "The server refuses credentials that it has accepted before; some say so when they are busy, so they"
                        + " are tried again until " + ReadableTime.of(end) + " before the refusal counts.",
                mailboxes == 1 ? Optional.empty() : Optional.of(pause));
    }
}
