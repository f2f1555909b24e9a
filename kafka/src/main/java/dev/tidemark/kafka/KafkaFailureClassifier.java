package dev.tidemark.kafka;

import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.targets.DeliveryResult.NotSent;
import dev.tidemark.forwarder.targets.DeliveryResult.TimedOut;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;

/// Classifies exceptions of Kafka's client. Errors of the record itself are the event's failure. All others,
/// including missing rights or topics, are the sink's, because they would affect any event. Thread-safe.
final class KafkaFailureClassifier {
    private KafkaFailureClassifier() {}

    static DeliveryResult classify(Throwable failure, Duration timeout) {
        if (isOfEvent(failure)) {
            return new NotSent(text(failure));
        }
        // Kafka's message about a missing topic or broker says more than a timeout
        return failure instanceof TimeoutException && failure.getMessage() == null
                ? new TimedOut(timeout)
                : new NoAnswer(text(failure));
    }

    static boolean isOfEvent(Throwable failure) {
        return failure instanceof RecordTooLargeException
                || failure instanceof RecordBatchTooLargeException
                || failure instanceof SerializationException
                || failure instanceof InvalidRecordException;
    }

    private static String text(Throwable failure) {
        if (failure instanceof Error) {
            return "Kafka's compression library does not load on this machine (" + failure
                    + "); start with TIDEMARK_OPTS=-Djava.io.tmpdir=DIR, a directory from which programs may run, or"
                    + " write compression.type: gzip";
        }
        return Optional.ofNullable(failure.getMessage()).orElseGet(() -> named(failure));
    }

    /// Returns the exception's name as words, for an exception without a message.
    private static String named(Throwable failure) {
        var name = failure.getClass().getSimpleName().replaceFirst("Exception$", "");
        return name.replaceAll("(?<=.)(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
