package dev.tidemark.store.rules;

import dev.tidemark.store.change.BinaryValueReader;
import dev.tidemark.store.change.BinaryValueWriter;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.Optional;

/// Subscribe request and its state.
///
/// @param from watermark that it starts from; absent for a new start
/// @param subscriptionId set once a response or callback named it
/// @param confirmed true if the response has been seen
/// @param begunMillis time before its request was sent: milliseconds since 1970, to save memory
record SubscribeAttempt(
        long number,
        SubscribeReason reason,
        String fingerprint,
        Optional<Watermark> from,
        Optional<SubscriptionId> subscriptionId,
        boolean confirmed,
        long begunMillis) {
    SubscribeAttempt {
        // the same for all mailboxes of a group
        fingerprint = fingerprint.intern();
    }

    static SubscribeAttempt begun(
            long number, SubscribeReason reason, String fingerprint, Optional<Watermark> from, Instant now) {
        return new SubscribeAttempt(number, reason, fingerprint, from, Optional.empty(), false, now.toEpochMilli());
    }

    /// Returns the attempt with another start.
    SubscribeAttempt begun(Instant at) {
        return new SubscribeAttempt(number, reason, fingerprint, from, subscriptionId, confirmed, at.toEpochMilli());
    }

    SubscribeAttempt withSubscriptionId(SubscriptionId id) {
        return new SubscribeAttempt(number, reason, fingerprint, from, Optional.of(id), confirmed, begunMillis);
    }

    SubscribeAttempt withResponse(SubscriptionId id) {
        return new SubscribeAttempt(number, reason, fingerprint, from, Optional.of(id), true, begunMillis);
    }

    Instant begunAt() {
        return Instant.ofEpochMilli(begunMillis);
    }

    boolean isOtherThan(SubscriptionId id) {
        return subscriptionId.filter(known -> !known.equals(id)).isPresent();
    }

    void write(BinaryValueWriter out) {
        out.number(number).constant(reason).text(fingerprint);
        out.optionalText(from.map(Watermark::value));
        out.optionalText(subscriptionId.map(SubscriptionId::value));
        out.flag(confirmed).number(begunMillis);
    }

    static SubscribeAttempt read(BinaryValueReader in) {
        return new SubscribeAttempt(
                in.number(),
                in.constant(SubscribeReason.class),
                in.text(),
                in.optionalText().map(Watermark::new),
                in.optionalText().map(SubscriptionId::new),
                in.flag(),
                in.number());
    }
}
