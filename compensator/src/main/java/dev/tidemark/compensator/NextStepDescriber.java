package dev.tidemark.compensator;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.ReadableTime;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Puts into words what comes next for a mailbox.
///
/// @param remedy what it would need now if it were not on hold: what comes next is seldom the end of a hold
///     for its own sake
/// @param hold before when nothing is tried, if that lies ahead
/// @param waiting whether it waits for its turn
record NextStepDescriber(Mailbox mailbox, CompensationAction remedy, Optional<Instant> hold, boolean waiting) {
    NextStep describe() {
        return switch (remedy) {
            case CompensationAction.WaitUntil nothing -> waitingStep(notBeforeHold(nothing.until()));
            case CompensationAction.Blocked nothing ->
                new NextStep("nothing", Optional.empty(), Optional.of(nothing.reason()));
            case CompensationAction.Resubscribe mend -> compensationStep("re-subscription", mend.reason());
            case CompensationAction.ResubscribeAndResync mend ->
                compensationStep("a fresh subscription and a resync", mend.reason());
            case CompensationAction.ResumeResync mend -> compensationStep("the rest of a resync", mend.reason());
        };
    }

    private Instant notBeforeHold(Instant planned) {
        return hold.filter(planned::isBefore).orElse(planned);
    }

    private NextStep waitingStep(Instant until) {
        var at = Optional.of(until);
        if (mailbox.due().isPresent()) {
            return new NextStep("compensation", at, cause());
        }
        if (mailbox.degraded().isPresent()) {
            return new NextStep(
                    "push is tried again",
                    at,
                    mailbox.degraded().map(each -> "push was suspended at " + ReadableTime.of(each.at())));
        }
        var silence = mailbox.calledBack() ? "silent if nothing is heard" : "silent if no first call-back comes";
        return new NextStep(silence, at, Optional.empty());
    }

    private NextStep compensationStep(String what, SubscribeReason reason) {
        if (hold.isPresent()) {
            return retryStep(hold.get());
        }
        var why = cause().orElseGet(() -> reason.name().toLowerCase(Locale.ROOT));
        return new NextStep(what + (waiting ? " when its turn comes" : " at once"), Optional.empty(), Optional.of(why));
    }

    private NextStep retryStep(Instant at) {
        return mailbox.state() instanceof MailboxState.Failed failed
                ? new NextStep(
                        "tried again automatically",
                        Optional.of(at),
                        Optional.of("needs operator action: " + failed.code()))
                : new NextStep(
                        "another try", Optional.of(at), mailbox.lastError().or(this::cause));
    }

    private Optional<String> cause() {
        return mailbox.due().map(PendingCompensation::cause);
    }
}
