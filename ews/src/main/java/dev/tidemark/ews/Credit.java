package dev.tidemark.ews;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decides whether to trust a 401. Exchange and its proxies also send 401 when they are overloaded
/// (exchangelib, protocol.py), and a server may refuse the account for the mailboxes of another server only. So
/// credentials that worked are tried again for a while before the refusal counts. But a directory locks accounts
/// after a few wrong passwords: the tries are few, with growing intervals, and credentials that two mailboxes
/// were refused with for good are not shown with every request. Thread-safe.
final class Credit {
    /// 440 is the same of a login by a form, as proxies have it.
    private static final Set<String> REFUSALS = Set.of("Http401", "Http440");

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);

    /// Short enough for whoever mends it and wants to see that it works.
    private static final Duration SPARED = Duration.ofMinutes(1);

    private final Clock clock;
    private final Map<Optional<MailboxAddress>, Instant> refusedSince = new HashMap<>();
    private boolean worked;
    private Optional<Refusal> refusal = Optional.empty();

    /// What came since the credentials worked last.
    ///
    /// @param mailboxes that they were refused for; one alone may be at fault itself
    /// @param believed time of the last refusal that counted for good
    private record Refusal(
            Instant since, Set<Optional<MailboxAddress>> mailboxes, Optional<Instant> believed, EwsError error) {
        boolean concerns(Optional<MailboxAddress> mailbox) {
            return mailboxes.size() > 1 || mailboxes.contains(mailbox);
        }
    }

    Credit(Clock clock) {
        this.clock = clock;
    }

    /// Returns what to answer instead of asking for this mailbox: the refusal of a moment ago.
    synchronized Optional<EwsError> spared(Optional<MailboxAddress> mailbox) {
        var now = clock.instant();
        return refusal.filter(said -> said.concerns(mailbox))
                .filter(said -> said.believed()
                        .filter(at -> !now.isBefore(at) && now.isBefore(at.plus(SPARED)))
                        .isPresent())
                .map(Refusal::error);
    }

    /// Has the next request ask the server, whatever it said a moment ago.
    synchronized void askAgain() {
        refusal = refusal.map(said -> new Refusal(said.since(), said.mailboxes(), Optional.empty(), said.error()));
    }

    /// Returns the same answer, or a milder one.
    synchronized <R> EwsAnswer<R> judge(Optional<MailboxAddress> mailbox, EwsAnswer<R> answer) {
        if (!(answer instanceof EwsAnswer.Refused<R>(EwsError error))) {
            accepted(mailbox);
            return answer;
        }
        if (REFUSALS.contains(error.code().value())) {
            return new EwsAnswer.Refused<>(refused(mailbox, error));
        }
        if (isFromEws(error)) {
            accepted(mailbox);
        }
        return answer;
    }

    /// Who gets as far as Exchange itself has logged in.
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
        var since = refusal.map(Refusal::since).filter(at -> !now.isBefore(at)).orElse(now);
        var mailboxes = new HashSet<>(refusal.map(Refusal::mailboxes).orElse(Set.of()));
        mailboxes.add(mailbox);
        var lasts = Duration.between(since, now);
        worked &= lasts.compareTo(PATIENCE) < 0;
        refusal = Optional.of(new Refusal(since, mailboxes, worked ? Optional.empty() : Optional.of(now), error));
        if (!worked) {
            return error;
        }
        return isForThisMailbox(mailbox, now)
                ? ofMailbox(error.code())
                : doubted(error.code(), mailboxes.size(), lasts, since.plus(PATIENCE));
    }

    /// Whether others have been let in while this mailbox was not.
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

    /// One mailbox alone may have a server with a failure of its own; two without a success between them are
    /// about the account, and everybody waits as long again as it has lasted.
    private static EwsError doubted(ResponseCode code, int mailboxes, Duration lasts, Instant end) {
        var pause = lasts.compareTo(FIRST_PAUSE) > 0 ? lasts : FIRST_PAUSE;
        return new EwsError.RetryAfter(
                code,
                "The server refuses credentials that it has accepted before; some say so when they are busy, so they"
                        + " are shown again until " + ReadableTime.of(end) + " before it is believed.",
                mailboxes == 1 ? Optional.empty() : Optional.of(pause));
    }
}
