package dev.tidemark.compensator;

import dev.tidemark.values.ReadableTime;
import dev.tidemark.watermark.Compensation;
import dev.tidemark.watermark.Mailbox;
import dev.tidemark.watermark.MailboxState;
import dev.tidemark.watermark.SubscribeReason;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Puts into words what comes next for a mailbox.
///
/// @param remedy what it would need now if it were not on hold: what comes next is seldom the end of a hold
///     for its own sake
/// @param hold before when nothing is tried, if that lies ahead
/// @param waiting whether it waits for its turn
record Forecast(Mailbox mailbox, Remedy remedy, Optional<Instant> hold, boolean waiting) {
    Outlook outlook() {
        return switch (remedy) {
            case Remedy.NothingUntil nothing -> rest(notBeforeHold(nothing.until()));
            case Remedy.GiveUp nothing -> new Outlook("nothing", Optional.empty(), Optional.of(nothing.reason()));
            case Remedy.Resubscribe mend -> turn("re-subscription", mend.reason());
            case Remedy.SubscribeAfreshAndResync mend -> turn("a fresh subscription and a resync", mend.reason());
            case Remedy.ResumeResync mend -> turn("the rest of a resync", mend.reason());
        };
    }

    private Instant notBeforeHold(Instant planned) {
        return hold.filter(planned::isBefore).orElse(planned);
    }

    private Outlook rest(Instant until) {
        var at = Optional.of(until);
        if (mailbox.due().isPresent()) {
            return new Outlook("compensation", at, cause());
        }
        if (mailbox.degraded().isPresent()) {
            return new Outlook(
                    "push is tried again",
                    at,
                    mailbox.degraded().map(each -> "push was suspended at " + ReadableTime.of(each.at())));
        }
        var silence = mailbox.calledBack() ? "silent if nothing is heard" : "silent if no first call-back comes";
        return new Outlook(silence, at, Optional.empty());
    }

    private Outlook turn(String what, SubscribeReason reason) {
        if (hold.isPresent()) {
            return another(hold.get());
        }
        var why = cause().orElseGet(() -> reason.name().toLowerCase(Locale.ROOT));
        return new Outlook(what + (waiting ? " when its turn comes" : " at once"), Optional.empty(), Optional.of(why));
    }

    private Outlook another(Instant at) {
        return mailbox.state() instanceof MailboxState.Failed failed
                ? new Outlook(
                        "tried again automatically",
                        Optional.of(at),
                        Optional.of("needs operator action: " + failed.code()))
                : new Outlook(
                        "another try", Optional.of(at), mailbox.lastError().or(this::cause));
    }

    private Optional<String> cause() {
        return mailbox.due().map(Compensation::cause);
    }
}
