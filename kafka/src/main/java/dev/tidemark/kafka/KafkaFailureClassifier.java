package dev.tidemark.kafka;

import dev.tidemark.forwarder.target.DeliveryResult;
import dev.tidemark.forwarder.target.DeliveryResult.NoAnswer;
import dev.tidemark.forwarder.target.DeliveryResult.NotSent;
import dev.tidemark.forwarder.target.DeliveryResult.TimedOut;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;

/// Whose failure an exception of the client is. What speaks of the record itself is the event's; everything
/// else, rights and a topic that is not there included, is the sink's, for it would befall any event.
final class KafkaFailureClassifier {
    private KafkaFailureClassifier() {}

    static DeliveryResult answer(Throwable failure, Duration timeout) {
        if (isOfEvent(failure)) {
            return new NotSent(text(failure));
        }
        // "timed out" for a topic or a broker that is not there says more than that it took long
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

    /// The name of what has no words of its own, as words.
    private static String named(Throwable failure) {
        var name = failure.getClass().getSimpleName().replaceFirst("Exception$", "");
        return name.replaceAll("(?<=.)(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
