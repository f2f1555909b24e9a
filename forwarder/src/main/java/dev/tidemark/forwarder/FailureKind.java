package dev.tidemark.forwarder;

import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.DeliveryResult.Accepted;
import dev.tidemark.forwarder.targets.DeliveryResult.AddressRefused;
import dev.tidemark.forwarder.targets.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.targets.DeliveryResult.NotSent;
import dev.tidemark.forwarder.targets.DeliveryResult.Stale;
import dev.tidemark.forwarder.targets.DeliveryResult.Status;
import dev.tidemark.forwarder.targets.DeliveryResult.TimedOut;

/// Party at fault according to a single result.
enum FailureKind {
    NONE,
    /// The sink, unless other deliveries succeed.
    OF_SINK,
    OF_EVENT,
    /// The receiver answered 410 and wants no more events.
    GONE,
    /// The egress policy forbids the address.
    REFUSED;

    static FailureKind of(DeliveryResult result) {
        return switch (result) {
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
