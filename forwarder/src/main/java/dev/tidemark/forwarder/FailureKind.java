package dev.tidemark.forwarder;

import dev.tidemark.forwarder.target.DeliveryResult;
import dev.tidemark.forwarder.target.DeliveryResult.Accepted;
import dev.tidemark.forwarder.target.DeliveryResult.AddressRefused;
import dev.tidemark.forwarder.target.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.target.DeliveryResult.NotSent;
import dev.tidemark.forwarder.target.DeliveryResult.Stale;
import dev.tidemark.forwarder.target.DeliveryResult.Status;
import dev.tidemark.forwarder.target.DeliveryResult.TimedOut;

/// Whose failure an answer looks like, by itself.
public enum FailureKind {
    NONE,
    /// The sink's, as long as nothing else succeeds.
    OF_SINK,
    OF_EVENT,
    /// The receiver wants nothing any more.
    GONE,
    /// Our own egress policy forbids the address.
    REFUSED;

    public static FailureKind of(DeliveryResult answer) {
        return switch (answer) {
            case Accepted ignored -> NONE;
            case Status status -> ofCode(status.code());
            case NoAnswer ignored -> OF_SINK;
            case Stale ignored -> OF_SINK;
            case TimedOut ignored -> OF_SINK;
            case AddressRefused ignored -> REFUSED;
            case NotSent ignored -> OF_EVENT;
        };
    }

    private static FailureKind ofCode(int code) {
        if (code >= 200 && code < 300) {
            return NONE;
        }
        return switch (code) {
            case 410 -> GONE;
            case 429, 502, 503, 504 -> OF_SINK;
            default -> OF_EVENT;
        };
    }
}
