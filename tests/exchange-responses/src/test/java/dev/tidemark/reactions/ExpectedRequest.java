package dev.tidemark.reactions;

import java.time.Duration;
import java.util.Optional;

/// Next request for the mailbox after a response, with its delay.
///
/// @param request operation, or none for hours
/// @param goesOn true if the request continues from a watermark or a sync state
/// @param everybody true if other mailboxes of the connection must wait
/// @param failed true if the journal reports that the mailbox needs operator action
/// @param version schema version of the request
record ExpectedRequest(
        Optional<String> request,
        boolean goesOn,
        Duration earliest,
        Duration latest,
        boolean everybody,
        boolean failed,
        String version) {
    static final String DEFAULT_VERSION = "Exchange2013_SP1";
    static final String OLDER_VERSION = "Exchange2013";

    private static final String SUBSCRIBE = "Subscribe";
    /// Maximum delay of a wake-up.
    private static final Duration SLACK = Duration.ofMillis(100);

    static final ExpectedRequest NOTHING =
            new ExpectedRequest(Optional.empty(), false, Duration.ZERO, Duration.ZERO, false, false, DEFAULT_VERSION);

    static ExpectedRequest subscribe(double earliest, double latest) {
        return new ExpectedRequest(
                Optional.of(SUBSCRIBE),
                true,
                millis(earliest),
                millis(latest).plus(SLACK),
                false,
                false,
                DEFAULT_VERSION);
    }

    /// Expects a retry by the built-in schedule, in seconds.
    static ExpectedRequest later() {
        return subscribe(1.6, 2.4);
    }

    static ExpectedRequest atOnce() {
        return subscribe(0, 0);
    }

    /// Expects a retry after the seconds that Exchange named.
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
