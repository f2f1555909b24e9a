package dev.tidemark.listener;

import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.CompensationTrigger;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.tracing.EventTracer;
import dev.tidemark.tracing.EventTracer.CallbackTrace;
import dev.tidemark.values.MailboxEvent.ChangeEvent;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.SendNotification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decodes callbacks, and responds to those that cannot be decoded. The threads of [DecoderPool] call it with
/// batches. Guarantees a response for each callback that it does not return. Thread-safe.
final class CallbackDecoder {
    /// Decodes a body. Implementations are thread-safe.
    @FunctionalInterface
    interface Codec {
        SendNotification decode(byte[] body) throws MalformedMessageException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(CallbackDecoder.class);

    private final Codec codec;
    private final CallbackIntake intake;
    private final CompensationTrigger compensationTrigger;
    private final CallbackSkipReporter skipReporter;
    private final ListenerStats stats;
    private final EventTracer tracer;

    CallbackDecoder(
            Codec codec,
            CallbackIntake intake,
            CompensationTrigger compensationTrigger,
            CallbackSkipReporter skipReporter,
            ListenerStats stats,
            EventTracer tracer) {
        this.codec = codec;
        this.intake = intake;
        this.compensationTrigger = compensationTrigger;
        this.skipReporter = skipReporter;
        this.stats = stats;
        this.tracer = tracer;
    }

    /// Returns the callbacks that could be decoded, in the order of `batch`.
    List<DecodedCallback> decode(List<RawCallback> batch) {
        var decoded = new ArrayList<DecodedCallback>(batch.size());
        batch.forEach(rawCallback -> decode(rawCallback).ifPresent(decoded::add));
        return decoded;
    }

    private Optional<DecodedCallback> decode(RawCallback rawCallback) {
        try {
            var message = codec.decode(rawCallback.body());
            if (!message.skipped().isEmpty()) {
                skipReporter.reportSkipped(rawCallback.attempt().mailbox(), message.skipped());
            }
            var callback = new VerifiedCallback(
                    rawCallback.attempt(),
                    message,
                    rawCallback.receivedAt(),
                    rawCallback.clientAddress(),
                    trace(rawCallback, message));
            return Optional.of(new DecodedCallback(callback, rawCallback.pending()));
        } catch (MalformedMessageException e) {
            LOG.debug("Callback for {} is malformed", rawCallback.attempt(), e);
            stats.countRefused(RejectionReason.MALFORMED);
            rawCallback.pending().respond(CallbackResponse.text(400, oneSentence(e)));
            countMalformed(rawCallback.attempt(), oneSentence(e));
        } catch (RuntimeException | Error e) {
            onUnexpectedError(rawCallback, e);
        }
        return Optional.empty();
    }

    /// Traces callbacks with events. Heartbeats would be most of the traces otherwise.
    private CallbackTrace trace(RawCallback rawCallback, SendNotification message) {
        var changes = tracer.isOn() ? changes(message) : 0;
        return changes == 0
                ? CallbackTrace.OFF
                : tracer.callback(
                        rawCallback.attempt().mailbox().value(),
                        changes,
                        rawCallback.pending().startedNanos());
    }

    private static int changes(SendNotification message) {
        return (int) message.messages().stream()
                .filter(Notification.class::isInstance)
                .flatMap(each -> ((Notification) each).events().stream())
                .filter(ChangeEvent.class::isInstance)
                .count();
    }

    /// Counts a refused callback in the store, which detects repeated ones.
    private void countMalformed(AttemptId attempt, String sentence) {
        try {
            if (intake.recordRefusal(attempt, sentence)) {
                compensationTrigger.raise(attempt.mailbox());
            }
        } catch (RuntimeException e) {
            stats.faults.increment();
            LOG.warn("Failed to count the refused callbacks of {}: {}", attempt.mailbox(), e.toString());
        }
    }

    /// Responds 503 so that Exchange retries. Treats an unexpected exception as a decoder bug, not as a bad
    /// request.
    private void onUnexpectedError(RawCallback rawCallback, Throwable e) {
        LOG.warn(
                "Failed to decode a callback for {}: {}; responding 503 so that Exchange retries",
                rawCallback.attempt(),
                e.toString());
        LOG.debug("Stack trace of the failed decoding", e);
        stats.faults.increment();
        stats.countRefused(RejectionReason.STORE);
        rawCallback.pending().respond(RejectionReason.STORE.response());
    }

    private static String oneSentence(MalformedMessageException e) {
        var text = String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip();
        return text.isEmpty() ? "The body is not a SendNotification." : text;
    }
}
