package dev.tidemark.compensator;

import static dev.tidemark.store.model.SubscribeReason.CONFIG;
import static dev.tidemark.store.model.SubscribeReason.ERROR;
import static dev.tidemark.store.model.SubscribeReason.GAP;
import static dev.tidemark.store.model.SubscribeReason.INITIAL;
import static dev.tidemark.store.model.SubscribeReason.SILENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tidemark.compensator.CompensationAction.Blocked;
import dev.tidemark.compensator.CompensationAction.Resubscribe;
import dev.tidemark.compensator.CompensationAction.ResubscribeAndResync;
import dev.tidemark.compensator.CompensationAction.ResumeResync;
import dev.tidemark.compensator.CompensationAction.WaitUntil;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CompensationDecisionTableTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);
    private static final Duration LIFETIME = Duration.ofDays(30);
    private static final Instant TOO_OLD = NOW.minus(LIFETIME).minusSeconds(1);

    static Stream<Arguments> situations() {
        return Stream.of(
                arguments("in order", active(), LATER, new WaitUntil(LATER)),
                arguments("new", CompensatedMailboxes.fresh(1), LATER, new Resubscribe(INITIAL)),
                arguments("silent", active(), NOW, new Resubscribe(SILENCE)),
                arguments(
                        "silent, watermark too old",
                        active().watermarkTakenAt(TOO_OLD),
                        NOW,
                        new ResubscribeAndResync(SILENCE)),
                arguments(
                        "silent, watermark failed twice", active().failures(2), NOW, new ResubscribeAndResync(SILENCE)),
                arguments("silent, watermark failed once", active().failures(1), NOW, new Resubscribe(SILENCE)),
                arguments("gap", active().due(due(GAP, NOW, false)), LATER, new Resubscribe(GAP)),
                arguments(
                        "gap, backing off until a time that no wait reaches",
                        active().due(due(GAP, NOW.plus(Duration.ofDays(365)), false)),
                        LATER,
                        new Resubscribe(GAP)),
                arguments("gap, backing off", active().due(due(GAP, LATER, false)), NOW, new WaitUntil(LATER)),
                arguments(
                        "error that spent the watermark",
                        active().due(due(ERROR, NOW, true)),
                        LATER,
                        new ResubscribeAndResync(ERROR)),
                arguments("resync cut short", active().resyncSince(NOW), LATER, new ResumeResync(ERROR)),
                arguments(
                        "resync cut short, and a gap since",
                        active().resyncSince(NOW).due(due(GAP, NOW, false)),
                        LATER,
                        new Resubscribe(GAP)),
                arguments(
                        "resync cut short, and silent since", active().resyncSince(NOW), NOW, new Resubscribe(SILENCE)),
                arguments("other settings", active().fingerprint("old"), LATER, new Resubscribe(CONFIG)),
                arguments("paused", active().state(new MailboxState.Paused()), NOW, new Blocked("paused")),
                arguments(
                        "failed, its time come",
                        active().state(new MailboxState.Failed("ErrorAccessDenied", "no")),
                        LATER,
                        new Resubscribe(ERROR)),
                arguments(
                        "without a subscription, but with a past",
                        active().state(new MailboxState.Silent()).withoutSubscription(),
                        LATER,
                        new Resubscribe(ERROR)),
                arguments(
                        "taken in again",
                        active().state(new MailboxState.New()).withoutSubscription(),
                        LATER,
                        new Resubscribe(INITIAL)),
                arguments(
                        "taken in again after months",
                        active().state(new MailboxState.New())
                                .withoutSubscription()
                                .watermarkTakenAt(TOO_OLD),
                        LATER,
                        new ResubscribeAndResync(INITIAL)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("situations")
    void decides(String name, CompensatedMailboxes.Builder mailbox, Instant silentAt, CompensationAction expected) {
        assertThat(decisionTable(mailbox, silentAt, false, Optional.empty()).decide())
                .isEqualTo(expected);
    }

    @Test
    void one_repair_at_a_time() {
        assertThat(decisionTable(active(), NOW, true, Optional.empty()).decide())
                .isEqualTo(new Blocked("under way"));
    }

    @Test
    void a_mailbox_on_hold_is_left_alone() {
        var withPending = active().due(due(GAP, NOW, false));
        assertThat(decisionTable(withPending, NOW, false, Optional.of(LATER)).decide())
                .isEqualTo(new WaitUntil(LATER));
        assertThat(decisionTable(withPending, NOW, false, Optional.of(NOW)).decide())
                .isEqualTo(new Resubscribe(GAP));
    }

    private static CompensatedMailboxes.Builder active() {
        return CompensatedMailboxes.active(1, NOW).fingerprint("now");
    }

    private static PendingCompensation due(SubscribeReason reason, Instant notBefore, boolean resync) {
        return new PendingCompensation(reason, notBefore, resync, "cause");
    }

    private static CompensationDecisionTable decisionTable(
            CompensatedMailboxes.Builder builder, Instant silentAt, boolean inFlight, Optional<Instant> hold) {
        var mailbox = builder.build();
        var changed = mailbox.fingerprint().equals("old");
        return new CompensationDecisionTable(mailbox, NOW, silentAt, LIFETIME, changed, inFlight, hold);
    }
}
