package dev.tidemark.listener;

import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts failed TLS handshakes, and warns about each cause at most once an hour. Without this warning, an
/// Exchange server that cannot agree on TLS looks like one that never calls. Called by Jetty's threads.
/// Thread-safe.
final class TlsFailures {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFailures.class);
    private static final int MAX_CAUSE_LENGTH = 200;

    private final ListenerStats stats;
    private final WarningThrottle warnings;

    TlsFailures(ListenerStats stats, WarningThrottle warnings) {
        this.stats = stats;
        this.warnings = warnings;
    }

    /// Records a failed handshake.
    ///
    /// @param peer address of the client, or of the proxy before it
    void record(String peer, Throwable failure) {
        var text = Objects.requireNonNullElse(failure.getMessage(), failure.toString());
        // a load balancer that only checks for an open port
        if (text.contains("closed")) {
            return;
        }
        stats.countRefused(RejectionReason.TLS);
        var cause = text.replaceAll("\\p{Cntrl}+", " ");
        cause = cause.substring(0, Math.min(MAX_CAUSE_LENGTH, cause.length()));
        if (warnings.isDue(cause)) {
            LOG.warn("TLS with {} failed: {}; {}", peer, cause, remedy(cause));
        }
    }

    private static String remedy(String cause) {
        if (cause.contains("nrecognized SSL message")) {
            return "if Exchange calls from there, write https in public-url";
        }
        if (cause.contains("named group")) {
            return "the client offers none of the curves " + String.join(", ", ServerIdentity.NAMED_GROUPS)
                    + "; if Exchange calls from there, enable one on that server, such as secp256r1 by"
                    + " 'Enable-TlsEccCurve NistP256'";
        }
        return cause.contains("protocol") || cause.contains("cipher")
                ? "if Exchange calls from there, turn on TLS 1.2 for .NET on that server"
                : "if Exchange calls from there, have that server trust the listener's certificate for the host of"
                        + " public-url";
    }
}
