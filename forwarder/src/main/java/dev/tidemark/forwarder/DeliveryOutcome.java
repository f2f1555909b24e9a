package dev.tidemark.forwarder;

import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.forwarder.targets.DeliveryResult.AddressRefused;
import dev.tidemark.forwarder.targets.DeliveryResult.Status;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import java.time.Instant;
import java.util.Optional;

/// Meaning of a result for the sink and the event, in the context of earlier results.
sealed interface DeliveryOutcome {
    record Delivered() implements DeliveryOutcome {}

    /// The sink failed; the event's retries are not used up.
    ///
    /// @param retryAt instant that the sink named in Retry-After
    record SinkFailed(String reason, Optional<Instant> retryAt, Optional<RefusedResponse> response)
            implements DeliveryOutcome {}

    /// The sink asked to back off for this lane; the event's retries are not used up.
    record LaneBusy(String reason, Instant until) implements DeliveryOutcome {}

    /// The event failed, which uses up one of its retries.
    ///
    /// @param overload true if the sink takes other requests and is probably overloaded
    record EventFailed(String reason, Optional<Instant> notBefore, boolean overload, Optional<RefusedResponse> response)
            implements DeliveryOutcome {}

    record Gone(String reason) implements DeliveryOutcome {}

    record Refused(String reason, Optional<String> allow) implements DeliveryOutcome {}

    /// Decides the meaning of a result.
    ///
    /// @param othersSucceed true if another delivery of the sink succeeded since the first attempt of this one
    /// @param otherLaneBusy true if the previous result was a 503 with Retry-After for another lane
    static DeliveryOutcome of(DeliveryResult result, Instant now, boolean othersSucceed, boolean otherLaneBusy) {
        return switch (FailureKind.of(result)) {
            case NONE -> new Delivered();
            case OF_EVENT -> new EventFailed(result.text(), retryAt(result, now), false, result.refusal());
            case GONE -> new Gone(result.text());
            case REFUSED -> new Refused(result.text(), allowOf(result));
            case OF_SINK -> ofSink(result, retryAt(result, now), othersSucceed, otherLaneBusy);
        };
    }

    private static DeliveryOutcome ofSink(
            DeliveryResult result, Optional<Instant> retryAt, boolean othersSucceed, boolean otherLaneBusy) {
        if (retryAt.isPresent() && codeOf(result) == 429) {
            return new SinkFailed(result.text(), retryAt, result.refusal());
        }
        if (retryAt.isPresent() && codeOf(result) == 503 && otherLaneBusy) {
            return new SinkFailed(result.text(), retryAt, result.refusal());
        }
        if (othersSucceed) {
            return new EventFailed(result.text(), retryAt, true, result.refusal());
        }
        if (retryAt.isPresent() && codeOf(result) == 503) {
            return new LaneBusy(result.text(), retryAt.get());
        }
        return new SinkFailed(result.text(), Optional.empty(), result.refusal());
    }

    /// Returns true for a 503 with Retry-After, which concerns one mailbox. Two in a row for different lanes
    /// count against the sink.
    static boolean isBusy(DeliveryResult result, Instant now) {
        return codeOf(result) == 503 && retryAt(result, now).isPresent();
    }

    /// Obeys only 429 and 503, because Retry-After has no agreed meaning with other codes.
    private static Optional<Instant> retryAt(DeliveryResult result, Instant now) {
        if (result instanceof Status status && (status.code() == 429 || status.code() == 503)) {
            return status.retryAfter().flatMap(text -> RetryAfterParser.parse(text, now));
        }
        return Optional.empty();
    }

    private static int codeOf(DeliveryResult result) {
        return result instanceof Status status ? status.code() : 0;
    }

    private static Optional<String> allowOf(DeliveryResult result) {
        return result instanceof AddressRefused refused ? refused.allow() : Optional.empty();
    }
}
