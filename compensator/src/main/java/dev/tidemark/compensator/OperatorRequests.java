package dev.tidemark.compensator;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.values.ReadableText;
import dev.tidemark.values.ReadableTime;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the latest operator request of each mailbox and logs its outcome. Held in memory only: after a restart
/// the request is still pending in the store, and the journal shows its result. Thread-safe.
final class OperatorRequests {
    private static final Logger log = LoggerFactory.getLogger(OperatorRequests.class);

    private final Map<MailboxId, OperatorRequest> latest = new ConcurrentHashMap<>();
    /// not tried yet
    private final Set<MailboxId> waiting = ConcurrentHashMap.newKeySet();
    private final Clock clock;

    OperatorRequests(Clock clock) {
        this.clock = clock;
    }

    void add(MailboxId mailbox, String action, String said) {
        latest.put(mailbox, new OperatorRequest(action, said, clock.instant(), Optional.empty()));
        waiting.add(mailbox);
    }

    Optional<OperatorRequest> latest(MailboxId mailbox) {
        return Optional.ofNullable(latest.get(mailbox));
    }

    boolean isWaiting(MailboxId mailbox) {
        return waiting.contains(mailbox);
    }

    /// Removes a waiting request. Returns whether the repair that starts now is the first try for it.
    boolean removeWaiting(MailboxId mailbox) {
        return waiting.remove(mailbox);
    }

    /// Ends a request whose mailbox needs no repair.
    void endIfNothingNeeded(Mailbox mailbox) {
        if (mailbox.due().isEmpty() && waiting.remove(mailbox.id())) {
            recordOutcome(mailbox, true, "nothing left to do");
        }
    }

    /// Returns an executor that keeps and logs the outcome for the operator.
    CompensationExecutor recordingOutcome(CompensationExecutor executor) {
        return (need, origin) -> {
            try {
                var outcome = executor.execute(need, origin);
                recordOutcome(need.mailbox(), isDone(outcome), text(outcome));
                return outcome;
            } catch (RuntimeException | Error e) {
                recordOutcome(need.mailbox(), false, "failed unexpectedly: " + e + "; Tidemark retries automatically");
                throw e;
            }
        };
    }

    private static boolean isDone(SubscriptionOutcome outcome) {
        return outcome instanceof SubscriptionOutcome.Subscribed || outcome instanceof SubscriptionOutcome.Resynced;
    }

    private void recordOutcome(Mailbox mailbox, boolean done, String text) {
        var request =
                latest.computeIfPresent(mailbox.id(), (id, pending) -> pending.withOutcome(clock.instant(), text));
        var action = request == null ? "request" : request.action();
        if (done) {
            log.info("Operator's {} of {}: {}", action, mailbox.address(), text);
        } else {
            log.warn("Operator's {} of {}: {}", action, mailbox.address(), text);
        }
    }

    private static String text(SubscriptionOutcome outcome) {
        return switch (outcome) {
            case SubscriptionOutcome.Subscribed ignored -> "subscribed";
            case SubscriptionOutcome.Resynced(var count) ->
                "subscribed and resynchronized, " + (count.created() + count.modified() + count.deleted())
                        + " missed changes found";
            case SubscriptionOutcome.RetryAt retry ->
                "not yet: " + retry.code() + ": " + ReadableText.clause(retry.text()) + "; retried automatically at "
                        + ReadableTime.of(retry.at());
            case SubscriptionOutcome.Failed failed ->
                "failed: " + failed.code() + ": " + ReadableText.clause(failed.text()) + "; it needs operator action";
            case SubscriptionOutcome.Skipped skipped -> "nothing was done: " + skipped.why();
        };
    }
}
