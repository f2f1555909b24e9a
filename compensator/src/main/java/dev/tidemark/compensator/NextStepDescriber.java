package dev.tidemark.compensator;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.ReadableTime;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Describes the next step of a mailbox in words.
///
/// @param action action that the mailbox would need now without its hold
/// @param hold end of the hold, if it lies ahead
/// @param waiting true if the mailbox waits for its turn
record NextStepDescriber(Mailbox mailbox, CompensationAction action, Optional<Instant> hold, boolean waiting) {
    NextStep describe() {
        return switch (action) {
            case CompensationAction.WaitUntil wait -> waitingStep(notBeforeHold(wait.until()));
            case CompensationAction.Blocked blocked ->
                new NextStep("nothing", Optional.empty(), Optional.of(blocked.reason()));
            case CompensationAction.Resubscribe repair -> compensationStep("resubscription", repair.reason());
            case CompensationAction.ResubscribeAndResync repair ->
                compensationStep("a new subscription and a resync", repair.reason());
            case CompensationAction.ResumeResync repair -> compensationStep("completion of a resync", repair.reason());
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
                    "probe of push",
                    at,
                    mailbox.degraded().map(each -> "push was suspended at " + ReadableTime.of(each.at())));
        }
        var silence = mailbox.calledBack() ? "silent without a callback" : "silent without a first callback";
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
                : new NextStep("retry", Optional.of(at), mailbox.lastError().or(this::cause));
    }

    private Optional<String> cause() {
        return mailbox.due().map(PendingCompensation::cause);
    }
}
