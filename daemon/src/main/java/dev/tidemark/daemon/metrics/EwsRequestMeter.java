package dev.tidemark.daemon.metrics;

import dev.tidemark.ews.EwsRequestObserver;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsOperation;
import dev.tidemark.values.DurationHistogram;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/// Counts and times the requests of one connection. The threads of requests call it. Thread-safe.
final class EwsRequestMeter implements EwsRequestObserver {
    private static final String SUCCESS = "success";
    private static final String NO_RESPONSE = "no-response";
    private static final String RETRY = "retry";
    private static final String LOST = "lost";
    private static final String REFUSED = "refused";
    private static final List<String> OUTCOMES = List.of(SUCCESS, NO_RESPONSE, RETRY, LOST, REFUSED);

    private final Map<EwsOperation, OperationTally> tallies = Arrays.stream(EwsOperation.values())
            .collect(Collectors.toUnmodifiableMap(each -> each, each -> OperationTally.zero()));

    /// Counters of one operation.
    private record OperationTally(Map<String, LongAdder> outcomes, DurationHistogram durations) {
        void count(String outcome, long nanos) {
            Optional.ofNullable(outcomes.get(outcome)).ifPresent(LongAdder::increment);
            durations.recordNanos(nanos);
        }

        static OperationTally zero() {
            return new OperationTally(
                    OUTCOMES.stream().collect(Collectors.toUnmodifiableMap(each -> each, each -> new LongAdder())),
                    DurationHistogram.ofRequests());
        }
    }

    @Override
    public void onCompleted(EwsOperation operation, Optional<EwsError> error, long nanos) {
        Optional.ofNullable(tallies.get(operation)).ifPresent(tally -> tally.count(outcome(error), nanos));
    }

    /// Returns the label of an outcome.
    static String outcome(Optional<EwsError> error) {
        return error.map(EwsRequestMeter::label).orElse(SUCCESS);
    }

    private static String label(EwsError error) {
        return switch (error) {
            case EwsError.RetryAfter retry -> retry.code().value().startsWith("Connection") ? NO_RESPONSE : RETRY;
            case EwsError.RetryNarrower ignored -> RETRY;
            case EwsError.ResubscribeFromWatermark ignored -> LOST;
            case EwsError.ResubscribeAndResync ignored -> LOST;
            case EwsError.DropSyncState ignored -> LOST;
            case EwsError.FolderGone ignored -> LOST;
            case EwsError.Rediscover ignored -> LOST;
            case EwsError.PermanentForMailbox ignored -> REFUSED;
            case EwsError.PermanentForConnection ignored -> REFUSED;
        };
    }

    void collect(MetricPage page, String connection) {
        tallies.forEach((operation, tally) -> {
            var labels = MetricLabels.of("connection", connection).and("operation", operation.requestName());
            for (var outcome : OUTCOMES) {
                page.counter(
                        "ews_requests",
                        "Requests to Exchange by operation and outcome.",
                        labels.and("outcome", outcome),
                        Optional.ofNullable(tally.outcomes().get(outcome))
                                .map(LongAdder::sum)
                                .orElse(0L));
            }
            page.histogram(
                    "ews_request_duration_seconds",
                    "Durations of requests to Exchange.",
                    labels,
                    tally.durations().reading());
        });
    }
}
