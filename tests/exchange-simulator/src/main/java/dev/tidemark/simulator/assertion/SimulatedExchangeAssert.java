package dev.tidemark.simulator.assertion;

import dev.tidemark.simulator.CallbackLog;
import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.values.ItemId;
import java.time.Duration;
import java.util.List;

/// Assertions on the callbacks, subscriptions and requests of a simulated Exchange. Each throws [AssertionError]
/// with the actual state. They need no assertion library.
public final class SimulatedExchangeAssert {
    private final SimulatedExchange exchange;

    SimulatedExchangeAssert(SimulatedExchange exchange) {
        this.exchange = exchange;
    }

    /// Asserts the number of active push subscriptions.
    public SimulatedExchangeAssert hasSubscriptions(int number) {
        var found = exchange.subscriptions();
        return check(found.size() == number, "Expected " + number + " push subscriptions but found " + found);
    }

    public SimulatedExchangeAssert hasNoSubscription() {
        return hasSubscriptions(0);
    }

    /// Waits ten seconds for a listener to acknowledge a notification with this item.
    public SimulatedExchangeAssert acknowledges(ItemId item) {
        return acknowledges(item, Duration.ofSeconds(10));
    }

    public SimulatedExchangeAssert acknowledges(ItemId item, Duration limit) {
        try {
            exchange.awaitAcknowledged(item, limit);
            return this;
        } catch (SimulatorException notAcknowledged) {
            throw new AssertionError(notAcknowledged.getMessage(), notAcknowledged);
        }
    }

    /// Asserts that no listener has acknowledged a notification with this item so far.
    public SimulatedExchangeAssert hasNotAcknowledged(ItemId item) {
        return check(
                !exchange.ledger().acknowledgedItems().contains(item.id()),
                "Expected no acknowledgment of " + item.id() + " but there is one");
    }

    /// Asserts that each item delivered so far was acknowledged.
    public SimulatedExchangeAssert hasAcknowledgedEverything() {
        var acknowledged = exchange.ledger().acknowledgedItems();
        var missing = exchange.ledger().delivered().stream()
                .map(entry -> entry.item().id())
                .filter(id -> !acknowledged.contains(id))
                .toList();
        return check(missing.isEmpty(), "Expected an acknowledgment of each item but " + missing + " have none");
    }

    /// Asserts the number of notifications with this item that were sent.
    public SimulatedExchangeAssert hasSent(ItemId item, int times) {
        var attempts = attempts(item);
        return check(
                attempts.size() == times,
                "Expected " + times + " callbacks with " + item.id() + " but found " + words(attempts));
    }

    /// Asserts that the listener has acknowledged each callback so far, heartbeats included.
    public SimulatedExchangeAssert hasOnlyAcknowledgedCallbacks() {
        var failed = exchange.callbacks().after(0).stream()
                .filter(attempt -> !attempt.acknowledged())
                .toList();
        return check(failed.isEmpty(), "Expected only acknowledged callbacks but found " + words(failed));
    }

    /// Asserts the number of calls of an operation, such as `SyncFolderItems`.
    public SimulatedExchangeAssert hasReceived(String operation, int times) {
        var found = exchange.requests().stream()
                .filter(request -> request.operation().equals(operation))
                .count();
        return check(found == times, "Expected " + times + " requests of " + operation + " but found " + found);
    }

    private List<CallbackLog.CallbackAttempt> attempts(ItemId item) {
        return exchange.callbacks().after(0).stream()
                .filter(attempt -> attempt.body().contains(item.id()))
                .toList();
    }

    private static String words(List<CallbackLog.CallbackAttempt> attempts) {
        return attempts.stream()
                .map(attempt -> attempt.url()
                        + (attempt.acknowledged()
                                ? " acknowledged"
                                : " not acknowledged: " + attempt.problem() + ", response '" + attempt.answer() + "'"))
                .toList()
                .toString();
    }

    private SimulatedExchangeAssert check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise + ".");
        }
        return this;
    }
}
