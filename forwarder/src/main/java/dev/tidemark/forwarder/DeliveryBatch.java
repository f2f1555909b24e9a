package dev.tidemark.forwarder;

import dev.tidemark.forwarder.backlog.PendingDelivery;
import java.util.List;

/// Events on their way to a sink in one request; what comes back holds for all of them.
///
/// @param deliveries those of a lane in their order
/// @param number rises with each request of the sink
/// @param kind why it is sent
record DeliveryBatch(List<PendingDelivery> deliveries, long number, Kind kind) {
    enum Kind {
        /// In the ordinary run.
        LIVE,
        /// To try out a sink that is not active.
        PROBE,
        /// Because an operator wants it once more.
        ENCORE,
        /// For both reasons, where nothing else waits.
        PROBE_ENCORE
    }

    boolean isProbe() {
        return switch (kind) {
            case PROBE, PROBE_ENCORE -> true;
            case LIVE, ENCORE -> false;
        };
    }

    boolean isReplay() {
        return switch (kind) {
            case ENCORE, PROBE_ENCORE -> true;
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

    /// Whether its events are of one lane, so that a word about the lane concerns them all.
    boolean isOfOneLane() {
        for (var each : deliveries) {
            if (!each.lane().equals(first().lane())) {
                return false;
            }
        }
        return true;
    }

    /// The sink's count of successes when the first of them was first sent.
    long baseline() {
        var lowest = first().trial().baseline();
        for (var each : deliveries) {
            lowest = Math.min(lowest, each.trial().baseline());
        }
        return lowest;
    }

    /// The number of the attempt under way, from 1: the highest of its events'.
    int attempt() {
        var highest = 1;
        for (var each : deliveries) {
            highest = Math.max(highest, each.attempt());
        }
        return highest;
    }

    /// Returns the next attempt at the same events, in the same place among the sink's requests.
    DeliveryBatch nextAttempt() {
        return new DeliveryBatch(
                deliveries.stream().map(each -> each.withAttempt(baseline())).toList(), number, kind);
    }

    /// Whether its event waits in a row of its own; such events travel alone.
    boolean isParked() {
        return first().row().isPresent();
    }
}
