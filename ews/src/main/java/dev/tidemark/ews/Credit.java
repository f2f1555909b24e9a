package dev.tidemark.ews;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Whether a 401 is to be believed. Exchange, and what stands before it, answer so when they want to be left
/// alone, too (exchangelib, protocol.py); so credentials that worked are tried again for a while before
/// anybody is called. But a directory locks accounts after a few wrong passwords: the tries are few, further
/// and further apart, and credentials that are refused for good are not shown with every request. Safe for
/// use by many threads.
final class Credit {
    /// 440 is the same of a login by a form, as proxies have it.
    private static final Set<String> REFUSALS = Set.of("Http401", "Http440");

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);

    /// Short enough for whoever mends it and wants to see that it works.
    private static final Duration SPARED = Duration.ofMinutes(1);

    private final Clock clock;
    private boolean worked;
    private Optional<Refusal> refusal = Optional.empty();

    /// What came since the credentials worked last. `believed` is when it was for good.
    private record Refusal(Instant since, int inARow, Optional<Instant> believed, EwsError error) {}

    Credit(Clock clock) {
        this.clock = clock;
    }

    /// What to answer instead of asking: the same as a moment ago.
    synchronized Optional<EwsError> spared() {
        var now = clock.instant();
        return refusal.filter(said -> said.believed()
                        .filter(at -> !now.isBefore(at) && now.isBefore(at.plus(SPARED)))
                        .isPresent())
                .map(Refusal::error);
    }

    /// The same answer, or a milder one.
    synchronized <R> EwsAnswer<R> judge(EwsAnswer<R> answer) {
        if (!(answer instanceof EwsAnswer.Refused<R>(EwsError error))) {
            accepted();
            return answer;
        }
        if (REFUSALS.contains(error.code().value())) {
            return new EwsAnswer.Refused<>(refused(error));
        }
        if (isFromEws(error)) {
            accepted();
        }
        return answer;
    }

    /// Who gets as far as Exchange itself has logged in.
    private static boolean isFromEws(EwsError error) {
        return error.code().value().startsWith("Error");
    }

    private void accepted() {
        worked = true;
        refusal = Optional.empty();
    }

    private EwsError refused(EwsError error) {
        var now = clock.instant();
        var since = refusal.map(Refusal::since).filter(at -> !now.isBefore(at)).orElse(now);
        var inARow = refusal.map(Refusal::inARow).orElse(0) + 1;
        var lasts = Duration.between(since, now);
        worked &= lasts.compareTo(PATIENCE) < 0;
        refusal = Optional.of(new Refusal(since, inARow, worked ? Optional.empty() : Optional.of(now), error));
        return worked ? doubted(error.code(), inARow, lasts, since.plus(PATIENCE)) : error;
    }

    /// One alone may be about one mailbox, whose server has a trouble of its own; two without anything else
    /// between them are about the account, and everybody waits as long again as it has lasted.
    private static EwsError doubted(ResponseCode code, int inARow, Duration lasts, Instant end) {
        var pause = lasts.compareTo(FIRST_PAUSE) > 0 ? lasts : FIRST_PAUSE;
        return new EwsError.RetryAfter(
                code,
                "The server refuses credentials that it has accepted before; some say so when they are busy, so they"
                        + " are shown again until " + ReadableTime.of(end) + " before it is believed.",
                inARow == 1 ? Optional.empty() : Optional.of(pause));
    }
}
