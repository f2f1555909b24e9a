package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EventStream.StreamStep;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.store.StoreException;
import dev.tidemark.subscriber.connection.EwsErrorTraits;
import dev.tidemark.values.NotificationMessage.Notification;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores the events of a stream, and adjusts the duration of the next stream by the end of this one. Not
/// thread-safe; used by the stream's thread.
final class StreamEventRecorder {
    private static final Logger log = LoggerFactory.getLogger(StreamEventRecorder.class);

    /// Streams that end earlier indicate a server problem and prove nothing about the network.
    private static final Duration MIN_MEANINGFUL_AGE = Duration.ofMinutes(1);

    private final StreamMembers members;
    private final AdaptiveStreamDuration durations;
    private final StreamCoordinator.Dependencies dependencies;
    private final StreamStats stats;

    /// Outcome of a stream.
    enum StreamEnd {
        /// Ended at the requested time.
        WELL,
        /// Closed by Tidemark.
        BY_US,
        /// Cut without a sign; Exchange may count it as open.
        SILENT,
        /// Failed; another stream must not be opened at once.
        BADLY
    }

    StreamEventRecorder(
            StreamMembers members,
            AdaptiveStreamDuration durations,
            StreamCoordinator.Dependencies dependencies,
            StreamStats stats) {
        this.members = members;
        this.durations = durations;
        this.dependencies = dependencies;
        this.stats = stats;
    }

    /// Reads the stream to its end. Returns the error that ended it, if any.
    Optional<EwsError> read(OpenStream stream) {
        while (true) {
            switch (stream.next()) {
                case StreamStep.Arrived arrived ->
                    arrived.notifications().forEach(notification -> store(stream, notification));
                case StreamStep.Lost lost -> {
                    log.info(
                            "A stream lost {} subscriptions; subscribing again: {}",
                            lost.subscriptions().size(),
                            lost.error().code());
                    members.dropSubscriptions(lost.subscriptions());
                    // the next stream replaces the lost subscriptions
                    return Optional.of(lost.error());
                }
                case StreamStep.Ended ended -> {
                    return ended.cause();
                }
            }
        }
    }

    private void store(OpenStream stream, Notification notification) {
        var member = members.findBySubscription(notification.subscriptionId());
        try {
            member.ifPresent(each -> stats.addFound(dependencies
                    .store()
                    .fallbacks()
                    .recordStreamed(
                            each.job().id(), notification, dependencies.clock().instant())));
        } catch (StoreException e) {
            // the poll for the next stream finds the events
            log.warn("Failed to store events of a stream: {}; reopening it and polling its mailboxes", e.getMessage());
            stream.close(OpenStream.CloseReason.NOT_STORED);
        }
    }

    /// Adjusts the next duration, and returns the outcome of this stream.
    StreamEnd onEnd(OpenStream stream, Optional<EwsError> cause) {
        var age = stream.age(dependencies.clock().instant());
        return switch (stream.closeReason()) {
            case SILENT -> {
                stats.silent.increment();
                durations.recordCut(stream.length());
                log.info(
                        "A stream of {} s fell silent; requesting {} s for the next one",
                        stream.length().toSeconds(),
                        durations.next().toSeconds());
                yield StreamEnd.SILENT;
            }
            case TO_BE_REOPENED -> StreamEnd.BY_US;
            case NOT_STORED -> StreamEnd.BADLY;
            case NOT -> {
                adjustDuration(stream, cause, age);
                yield cause.isEmpty() && age.compareTo(Duration.ofSeconds(1)) >= 0 ? StreamEnd.WELL : StreamEnd.BADLY;
            }
        };
    }

    private void adjustDuration(OpenStream stream, Optional<EwsError> cause, Duration age) {
        cause.ifPresent(error -> log.info(
                "A stream of {} s ended after {} s: {}", stream.length().toSeconds(), age.toSeconds(), error.text()));
        if (cause.isEmpty() && age.compareTo(stream.length().minus(MIN_MEANINGFUL_AGE)) >= 0) {
            durations.recordCompleted(stream.length());
        } else if (cause.filter(EwsErrorTraits::isLostResponse).isPresent() && age.compareTo(MIN_MEANINGFUL_AGE) >= 0) {
            durations.recordCut(stream.length());
        }
    }
}
