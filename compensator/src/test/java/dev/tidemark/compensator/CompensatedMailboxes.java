package dev.tidemark.compensator;

import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.PushDegradation;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.Watermark;
import java.time.Instant;
import java.util.Optional;

/// Builds mailboxes in any state that a test needs.
final class CompensatedMailboxes {
    static final String GROUP = "inboxes";

    private CompensatedMailboxes() {}

    static MailboxId id(int number) {
        return new MailboxId("mbx_" + Integer.toString(number).replaceAll("[0189]", "z")
                + "a".repeat(16 - Integer.toString(number).length()));
    }

    static Builder fresh(int number) {
        return new Builder(id(number), number);
    }

    /// Builds a subscribed mailbox with its last callback at `lastCallback`.
    static Builder active(int number, Instant lastCallback) {
        return active(id(number), number, lastCallback);
    }

    static Builder active(MailboxId id, int number, Instant lastCallback) {
        var builder = new Builder(id, number);
        builder.state = new MailboxState.Active();
        builder.live = Optional.of(new AttemptId(builder.id, 1));
        builder.watermark = Optional.of(new StoredWatermark(new Watermark("w"), lastCallback));
        builder.subscribedAt = Optional.of(lastCallback.minusSeconds(3600));
        builder.lastHeardAt = Optional.of(lastCallback);
        builder.calledBack = true;
        return builder;
    }

    /// Builder whose fields a test may set before [#build].
    static final class Builder {
        final MailboxId id;
        private final int number;
        MailboxState state = new MailboxState.New();
        Optional<AttemptId> live = Optional.empty();
        String fingerprint = "";
        Optional<StoredWatermark> watermark = Optional.empty();
        Optional<Instant> subscribedAt = Optional.empty();
        Optional<Instant> lastHeardAt = Optional.empty();
        boolean calledBack;
        Optional<Instant> resyncSince = Optional.empty();
        Optional<PendingCompensation> due = Optional.empty();
        int failures;
        int fruitless;
        Optional<PushDegradation> degraded = Optional.empty();

        Builder(MailboxId id, int number) {
            this.id = id;
            this.number = number;
        }

        Builder state(MailboxState state) {
            this.state = state;
            return this;
        }

        Builder fingerprint(String fingerprint) {
            this.fingerprint = fingerprint;
            return this;
        }

        Builder neverCalledBack() {
            this.calledBack = false;
            return this;
        }

        Builder resyncSince(Instant since) {
            this.resyncSince = Optional.of(since);
            return this;
        }

        Builder due(PendingCompensation due) {
            this.due = Optional.of(due);
            return this;
        }

        Builder failures(int failures) {
            this.failures = failures;
            return this;
        }

        Builder watermarkTakenAt(Instant at) {
            this.watermark = Optional.of(new StoredWatermark(new Watermark("w"), at));
            return this;
        }

        Builder degraded(Instant at) {
            this.state = new MailboxState.Degraded();
            this.degraded = Optional.of(new PushDegradation(at, at));
            return this;
        }

        Builder withoutSubscription() {
            this.live = Optional.empty();
            return this;
        }

        Mailbox build() {
            return new Mailbox(
                    id,
                    new MailboxAddress("mailbox" + number + "@example.com"),
                    new GroupMembership(GROUP, false),
                    state,
                    live,
                    Optional.empty(),
                    Optional.empty(),
                    fingerprint,
                    watermark,
                    subscribedAt,
                    lastHeardAt,
                    calledBack,
                    resyncSince,
                    due,
                    failures,
                    fruitless,
                    Optional.empty(),
                    Optional.empty(),
                    degraded,
                    Optional.empty());
        }
    }
}
