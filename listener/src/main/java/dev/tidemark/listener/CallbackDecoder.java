package dev.tidemark.listener;

import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.CompensationTrigger;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.values.SendNotification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decodes call-backs, and answers those that cannot be. Safe for use by many threads.
final class CallbackDecoder {
    /// Reads a body. Safe for use by many threads.
    @FunctionalInterface
    interface Codec {
        SendNotification decode(byte[] body) throws MalformedMessageException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(CallbackDecoder.class);

    private final Codec codec;
    private final CallbackIntake intake;
    private final CompensationTrigger alarm;
    private final CallbackSkipReporter skips;
    private final ListenerStats tally;

    CallbackDecoder(
            Codec codec,
            CallbackIntake intake,
            CompensationTrigger alarm,
            CallbackSkipReporter skips,
            ListenerStats tally) {
        this.codec = codec;
        this.intake = intake;
        this.alarm = alarm;
        this.skips = skips;
        this.tally = tally;
    }

    /// Those that could be decoded, in their order.
    List<DecodedCallback> decode(List<RawCallback> batch) {
        var decoded = new ArrayList<DecodedCallback>(batch.size());
        batch.forEach(arrival -> decode(arrival).ifPresent(decoded::add));
        return decoded;
    }

    private Optional<DecodedCallback> decode(RawCallback arrival) {
        try {
            var message = codec.decode(arrival.body());
            if (!message.skipped().isEmpty()) {
                skips.skipped(arrival.attempt().mailbox(), message.skipped());
            }
            var callback = new VerifiedCallback(arrival.attempt(), message, arrival.at(), arrival.caller());
            return Optional.of(new DecodedCallback(callback, arrival.pending()));
        } catch (MalformedMessageException e) {
            LOG.debug("A call-back for {} is malformed.", arrival.attempt(), e);
            tally.refused(RejectionReason.MALFORMED);
            arrival.pending().answer(CallbackResponse.text(400, oneSentence(e)));
            refused(arrival.attempt(), oneSentence(e));
        } catch (RuntimeException | Error e) {
            fault(arrival, e);
        }
        return Optional.empty();
    }

    /// Counts a refused callback in the store, which detects repeated ones.
    private void refused(AttemptId attempt, String sentence) {
        try {
            if (intake.recordRefusal(attempt, sentence)) {
                alarm.raise(attempt.mailbox());
            }
        } catch (RuntimeException e) {
            tally.faults.increment();
            LOG.warn("Failed to count the refused callbacks of {}: {}", attempt.mailbox(), e.toString());
        }
    }

    /// Not the sender's fault as far as we know, so it is asked to come again.
    private void fault(RawCallback arrival, Throwable e) {
        LOG.warn("A call-back for {} could not be decoded ({}); it is answered 503.", arrival.attempt(), e.toString());
        LOG.debug("It failed here.", e);
        tally.faults.increment();
        tally.refused(RejectionReason.STORE);
        arrival.pending().answer(RejectionReason.STORE.answer());
    }

    private static String oneSentence(MalformedMessageException e) {
        var text = String.valueOf(e.getMessage()).replaceAll("\\s+", " ").strip();
        return text.isEmpty() ? "The body is not a SendNotification." : text;
    }
}
