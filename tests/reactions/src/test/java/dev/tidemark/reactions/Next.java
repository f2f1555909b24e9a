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
record Next(
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

    static final Next NOTHING =
            new Next(Optional.empty(), false, Duration.ZERO, Duration.ZERO, false, false, USUAL_VERSION);

    static Next subscribe(double earliest, double latest) {
        return new Next(
                Optional.of(SUBSCRIBE),
                true,
                millis(earliest),
                millis(latest).plus(SLACK),
                false,
                false,
                USUAL_VERSION);
    }

    /// By our own schedule, in seconds.
    static Next later() {
        return subscribe(1.6, 2.4);
    }

    static Next atOnce() {
        return subscribe(0, 0);
    }

    /// When Exchange named so many seconds.
    static Next afterPause(double seconds) {
        return subscribe(seconds, seconds * 1.2);
    }

    static Next inMinutes(long minutes) {
        return subscribe(minutes * 60.0, minutes * 60.0).failing();
    }

    Next fromNothing() {
        return new Next(request, false, earliest, latest, everybody, failed, version);
    }

    Next everybodyWaits() {
        return new Next(request, goesOn, earliest, latest, true, failed, version);
    }

    Next failing() {
        return new Next(request, goesOn, earliest, latest, everybody, true, version);
    }

    Next inAnOlderVersion() {
        return new Next(request, goesOn, earliest, latest, everybody, failed, OLDER_VERSION);
    }

    Next by(String operation) {
        return new Next(Optional.of(operation), goesOn, earliest, latest, everybody, failed, version);
    }

    private static Duration millis(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
