package dev.tidemark.reactions;

import java.time.Duration;
import java.util.Optional;

/// What the daemon does next for the mailbox, and when, counted from the answer.
///
/// @param request the operation, or nothing at all for hours
/// @param goesOn whether it names a watermark or a sync state to go on from
/// @param everybody whether other mailboxes of the connection have to wait meanwhile
/// @param failed whether the journal says that a person has to act
/// @param version in which version it asks
record ExpectedRequest(
        Optional<String> request,
        boolean goesOn,
        Duration earliest,
        Duration latest,
        boolean everybody,
        boolean failed,
        String version) {
    static final String USUAL_VERSION = "Exchange2013_SP1";
    static final String OLDER_VERSION = "Exchange2013";

    private static final String SUBSCRIBE = "Subscribe";
    /// A wake-up comes so late at most.
    private static final Duration SLACK = Duration.ofMillis(100);

    static final ExpectedRequest NOTHING =
            new ExpectedRequest(Optional.empty(), false, Duration.ZERO, Duration.ZERO, false, false, USUAL_VERSION);

    static ExpectedRequest subscribe(double earliest, double latest) {
        return new ExpectedRequest(
                Optional.of(SUBSCRIBE),
                true,
                millis(earliest),
                millis(latest).plus(SLACK),
                false,
                false,
                USUAL_VERSION);
    }

    /// By our own schedule, in seconds.
    static ExpectedRequest later() {
        return subscribe(1.6, 2.4);
    }

    static ExpectedRequest atOnce() {
        return subscribe(0, 0);
    }

    /// When Exchange named so many seconds.
    static ExpectedRequest afterPause(double seconds) {
        return subscribe(seconds, seconds * 1.2);
    }

    static ExpectedRequest inMinutes(long minutes) {
        return subscribe(minutes * 60.0, minutes * 60.0).failing();
    }

    ExpectedRequest fromNothing() {
        return new ExpectedRequest(request, false, earliest, latest, everybody, failed, version);
    }

    ExpectedRequest everybodyWaits() {
        return new ExpectedRequest(request, goesOn, earliest, latest, true, failed, version);
    }

    ExpectedRequest failing() {
        return new ExpectedRequest(request, goesOn, earliest, latest, everybody, true, version);
    }

    ExpectedRequest inAnOlderVersion() {
        return new ExpectedRequest(request, goesOn, earliest, latest, everybody, failed, OLDER_VERSION);
    }

    ExpectedRequest by(String operation) {
        return new ExpectedRequest(Optional.of(operation), goesOn, earliest, latest, everybody, failed, version);
    }

    private static Duration millis(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
