package dev.tidemark.watermark;

import dev.tidemark.ews.SubscriptionId;
import dev.tidemark.ews.Watermark;
import java.util.Optional;

/// A Subscribe request and what is known of it.
///
/// @param from the watermark it starts from; absent for a fresh one
/// @param subscriptionId once Exchange told it, by its answer or by a call-back
/// @param confirmed whether the answer has been seen
record Attempt(
        long number,
        SubscribeReason reason,
        String fingerprint,
        Optional<Watermark> from,
        Optional<SubscriptionId> subscriptionId,
        boolean confirmed) {

    Attempt named(SubscriptionId id) {
        return new Attempt(number, reason, fingerprint, from, Optional.of(id), confirmed);
    }

    Attempt answered(SubscriptionId id) {
        return new Attempt(number, reason, fingerprint, from, Optional.of(id), true);
    }

    boolean isAnother(SubscriptionId id) {
        return subscriptionId.filter(known -> !known.equals(id)).isPresent();
    }

    void write(RowWriter out) {
        out.number(number).constant(reason).text(fingerprint);
        out.optionalText(from.map(Watermark::value));
        out.optionalText(subscriptionId.map(SubscriptionId::value));
        out.flag(confirmed);
    }

    static Attempt read(RowReader in) {
        return new Attempt(
                in.number(),
                in.constant(SubscribeReason.class),
                in.text(),
                in.optionalText().map(Watermark::new),
                in.optionalText().map(SubscriptionId::new),
                in.flag());
    }
}
