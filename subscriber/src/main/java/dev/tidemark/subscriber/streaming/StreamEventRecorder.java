package dev.tidemark.subscriber.streaming;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.StreamStep;
import dev.tidemark.store.StoreException;
import dev.tidemark.subscriber.connection.EwsErrorTraits;
import dev.tidemark.values.NotificationMessage.Notification;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores what a stream tells, and learns from how it ended.
final class StreamEventRecorder {
    private static final Logger log = LoggerFactory.getLogger(StreamEventRecorder.class);

    /// What ends earlier tells of a server that is not well, and nothing of the network.
    private static final Duration TOO_SHORT = Duration.ofMinutes(1);

    private final StreamMembers riders;
    private final AdaptiveStreamDuration lengths;
    private final StreamCoordinator.Dependencies surroundings;
    private final StreamStats tally;

    /// What became of a stream.
    enum StreamEnd {
        /// By its time.
        WELL,
        /// For a reason of our own.
        BY_US,
        /// Exchange may take it for open still.
        SILENT,
        /// Something is not in order; another one is not to be opened at once.
        BADLY
    }

    StreamEventRecorder(
            StreamMembers riders,
            AdaptiveStreamDuration lengths,
            StreamCoordinator.Dependencies surroundings,
            StreamStats tally) {
        this.riders = riders;
        this.lengths = lengths;
        this.surroundings = surroundings;
        this.tally = tally;
    }

    /// Reads to the end; returns what it ended by.
    Optional<EwsError> read(OpenStream ride) {
        while (true) {
            switch (ride.next()) {
                case StreamStep.Arrived arrived ->
                    arrived.notifications().forEach(notification -> told(ride, notification));
                case StreamStep.Lost lost -> {
                    log.info(
                            "A stream lost {} subscriptions: {}",
                            lost.subscriptions().size(),
                            lost.error().code());
                    riders.forget(lost.subscriptions());
                    // what is left of it is opened again with new ones in their place
                    return Optional.of(lost.error());
                }
                case StreamStep.Ended ended -> {
                    return ended.cause();
                }
            }
        }
    }

    private void told(OpenStream ride, Notification notification) {
        var rider = riders.of(notification.subscriptionId());
        try {
            rider.ifPresent(each -> tally.found(surroundings
                    .store()
                    .fallbacks()
                    .recordStreamed(
                            each.job().id(), notification, surroundings.clock().instant())));
        } catch (StoreException e) {
            // the look that goes with the next stream finds it
            log.warn("What a stream told could not be stored: {}", e.getMessage());
            ride.close(OpenStream.CloseReason.NOT_STORED);
        }
    }

    /// What the next stream's length is to be learns from how this one ended.
    StreamEnd ended(OpenStream ride, Optional<EwsError> cause) {
        var lasted = ride.lasted(surroundings.clock().instant());
        return switch (ride.closed()) {
            case SILENT -> {
                tally.silent.increment();
                lengths.died(ride.length());
                log.info("A stream of {} fell silent, the next one lasts {}", ride.length(), lengths.next());
                yield StreamEnd.SILENT;
            }
            case TO_BE_REOPENED -> StreamEnd.BY_US;
            case NOT_STORED -> StreamEnd.BADLY;
            case NOT -> {
                learn(ride, cause, lasted);
                yield cause.isEmpty() && lasted.compareTo(Duration.ofSeconds(1)) >= 0
                        ? StreamEnd.WELL
                        : StreamEnd.BADLY;
            }
        };
    }

    private void learn(OpenStream ride, Optional<EwsError> cause, Duration lasted) {
        cause.ifPresent(error -> log.info("A stream of {} ended after {}: {}", ride.length(), lasted, error.text()));
        if (cause.isEmpty() && lasted.compareTo(ride.length().minus(TOO_SHORT)) >= 0) {
            lengths.lived(ride.length());
        } else if (cause.filter(EwsErrorTraits::isLostReply).isPresent() && lasted.compareTo(TOO_SHORT) >= 0) {
            lengths.died(ride.length());
        }
    }
}
