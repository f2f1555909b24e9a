package dev.tidemark.forwarder;

import java.util.List;

/// Events that one request sends to a sink. Its result holds for all of them.
///
/// @param deliveries events, those of a lane in their order
/// @param number rises with each request of the sink
/// @param kind reason of the request
record DeliveryBatch(List<PendingDelivery> deliveries, long number, Kind kind) {
    enum Kind {
        /// New events.
        LIVE,
        /// Probe of a sink that is not active.
        PROBE,
        /// Replay for an operator.
        REPLAY,
        /// Probe with a replayed event, used when no new event waits.
        REPLAY_PROBE
    }

    boolean isProbe() {
        return switch (kind) {
            case PROBE, REPLAY_PROBE -> true;
            case LIVE, REPLAY -> false;
        };
    }

    boolean isReplay() {
        return switch (kind) {
            case REPLAY, REPLAY_PROBE -> true;
            case LIVE, PROBE -> false;
        };
    }

    DeliveryBatch {
        deliveries = List.copyOf(deliveries);
    }

    PendingDelivery first() {
        return deliveries.getFirst();
    }

    int size() {
        return deliveries.size();
    }

    /// Returns true if all events belong to one lane, so that a lane's Retry-After applies to all of them.
    boolean isOfOneLane() {
        for (var each : deliveries) {
            if (!each.lane().equals(first().lane())) {
                return false;
            }
        }
        return true;
    }

    /// Returns the sink's count of successes at the first attempt of any of these events.
    long baseline() {
        var lowest = first().trial().baseline();
        for (var each : deliveries) {
            lowest = Math.min(lowest, each.trial().baseline());
        }
        return lowest;
    }

    /// Returns the highest attempt number of its events, from 1.
    int attempt() {
        var highest = 1;
        for (var each : deliveries) {
            highest = Math.max(highest, each.attempt());
        }
        return highest;
    }

    /// Returns the next attempt with the same events and the same number.
    DeliveryBatch nextAttempt() {
        return new DeliveryBatch(
                deliveries.stream().map(each -> each.withAttempt(baseline())).toList(), number, kind);
    }

    /// Returns the same events before this request, which was not sent.
    DeliveryBatch withoutAttempt() {
        return new DeliveryBatch(
                deliveries.stream().map(PendingDelivery::withoutAttempt).toList(), number, kind);
    }

    /// Returns the same events, which must be sent in smaller batches after this one failed.
    DeliveryBatch inSmallerBatches() {
        return new DeliveryBatch(
                deliveries.stream().map(each -> each.inSmallerBatch(size())).toList(), number, kind);
    }

    /// Returns true if its event has a deferred row. Such an event is sent alone.
    boolean isParked() {
        return first().row().isPresent();
    }
}
