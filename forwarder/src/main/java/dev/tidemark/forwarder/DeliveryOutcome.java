package dev.tidemark.forwarder;

import dev.tidemark.forwarder.target.DeliveryResult;
import dev.tidemark.forwarder.target.DeliveryResult.AddressRefused;
import dev.tidemark.forwarder.target.DeliveryResult.Status;
import java.time.Instant;
import java.util.Optional;

/// What an answer means for the sink and the event, all things considered.
sealed interface DeliveryOutcome {
    record Delivered() implements DeliveryOutcome {}

    /// Costs the event nothing.
    ///
    /// @param retryAt when the sink itself said to come back
    record SinkFailed(String reason, Optional<Instant> retryAt) implements DeliveryOutcome {}

    /// The sink asked to leave this mailbox alone until then; costs the event nothing.
    record LaneBusy(String reason, Instant until) implements DeliveryOutcome {}

    /// Counts against the event's schedule.
    ///
    /// @param overload whether it looks as if the sink could not cope, although it takes others
    record EventFailed(String reason, Optional<Instant> notBefore, boolean overload) implements DeliveryOutcome {}

    record Gone(String reason) implements DeliveryOutcome {}

    record Refused(String reason, Optional<String> allow) implements DeliveryOutcome {}

    /// What is known beside the answer itself.
    ///
    /// @param othersSucceed whether another delivery of the sink has succeeded since this one was first tried
    /// @param otherLaneBusy whether the answer before this one was a 503 with Retry-After for another lane
    record DecisionContext(Instant now, boolean othersSucceed, boolean otherLaneBusy) {}

    static DeliveryOutcome of(DeliveryResult answer, DecisionContext around) {
        return switch (FailureKind.of(answer)) {
            case NONE -> new Delivered();
            case OF_EVENT -> new EventFailed(answer.text(), retryAt(answer, around.now()), false);
            case GONE -> new Gone(answer.text());
            case REFUSED -> new Refused(answer.text(), allowOf(answer));
            case OF_SINK -> ofSink(answer, around);
        };
    }

    private static DeliveryOutcome ofSink(DeliveryResult answer, DecisionContext around) {
        var retryAt = retryAt(answer, around.now());
        if (retryAt.isPresent() && codeOf(answer) == 429) {
            return new SinkFailed(answer.text(), retryAt);
        }
        if (retryAt.isPresent() && codeOf(answer) == 503 && around.otherLaneBusy()) {
            return new SinkFailed(answer.text(), retryAt);
        }
        if (around.othersSucceed()) {
            return new EventFailed(answer.text(), retryAt, true);
        }
        if (retryAt.isPresent() && codeOf(answer) == 503) {
            return new LaneBusy(answer.text(), retryAt.get());
        }
        return new SinkFailed(answer.text(), Optional.empty());
    }

    /// Whether the answer asks to leave one mailbox alone; two of them in a row mean the sink.
    static boolean isBusy(DeliveryResult answer, Instant now) {
        return codeOf(answer) == 503 && retryAt(answer, now).isPresent();
    }

    /// Only 429 and 503 are obeyed: with other codes the header has no agreed meaning.
    private static Optional<Instant> retryAt(DeliveryResult answer, Instant now) {
        if (answer instanceof Status status && (status.code() == 429 || status.code() == 503)) {
            return status.retryAfter().flatMap(text -> RetryAfterParser.parse(text, now));
        }
        return Optional.empty();
    }

    private static int codeOf(DeliveryResult answer) {
        return answer instanceof Status status ? status.code() : 0;
    }

    private static Optional<String> allowOf(DeliveryResult answer) {
        return answer instanceof AddressRefused refused ? refused.allow() : Optional.empty();
    }
}
