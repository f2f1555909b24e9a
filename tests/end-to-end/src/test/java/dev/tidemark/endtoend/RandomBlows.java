package dev.tidemark.endtoend;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.fault.FaultScope;
import dev.tidemark.simulator.fault.ScriptedError;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Injects all faults of the simulated Exchange, and the daemon's death, at random and with similar frequency.
/// Not thread-safe; used by one thread.
final class RandomBlows {
    /// Disturbances that are not a [SimulatorFault].
    enum Disturbance {
        FORGET_ALL,
        FORGET_ONE,
        FORGET_STREAMS,
        RESTART_SERVER,
        MOVE_MAILBOX,
        FORGET_HISTORY,
        END_BY_ERROR,
        DENY,
        REFUSE_ONCE,
        KILL,
        TERMINATE
    }

    private static final List<String> ENDS = List.of(
            "ErrorReadEventsFailed",
            "ErrorSubscriptionNotFound",
            "ErrorEventNotFound",
            "ErrorMissedNotificationEvents",
            "ErrorExpiredSubscription",
            "ErrorInvalidWatermark");

    private static final List<ScriptedError> TROUBLES = List.of(
            new ScriptedError.Message("ErrorInternalServerTransientError"),
            new ScriptedError.Message("ErrorMailboxMoveInProgress"),
            new ScriptedError.Message("ErrorInvalidWatermark"),
            new ScriptedError.Message("ErrorInvalidSyncStateData"),
            new ScriptedError.Message("ErrorMailboxStoreUnavailable"),
            new ScriptedError.Message("ErrorProxyRequestNotAllowed"),
            new ScriptedError.Message("ErrorTimeoutExpired"),
            new ScriptedError.Message(
                    "ErrorInternalServerError", Optional.of("ErrorADUnavailable"), Optional.of(Duration.ofMillis(500))),
            new ScriptedError.SoapFault("ErrorConnectionFailed"),
            new ScriptedError.SoapFault("ErrorServerBusy", Optional.empty(), Optional.of(Duration.ofMillis(500))),
            new ScriptedError.SoapFault("ErrorAccessDenied"),
            new ScriptedError.Http(500, Map.of()),
            new ScriptedError.Http(502, Map.of()),
            new ScriptedError.Http(503, Map.of("Retry-After", "1")),
            new ScriptedError.Http(429, Map.of("Retry-After", "1")),
            new ScriptedError.Http(302, Map.of("Location", "/ews/genericerrorpage.htm")));

    /// Faults that make mailboxes fail until an operator asks again.
    private static final Set<SimulatorFault> FAILING = EnumSet.of(
            SimulatorFault.UNAUTHORIZED,
            SimulatorFault.UNAVAILABLE,
            SimulatorFault.FORBIDDEN,
            SimulatorFault.DENY_IMPERSONATION);

    /// Waits that are too long to be credible; the daemon probes after half a minute.
    private static final List<String> WAITS = List.of("1", "31536000", "9223372036854775807");

    private static final List<String> CORRUPT = List.of("no-id", "empty-id", "empty", "unknown-kind");
    private static final List<String> CONTROL = List.of("&#x1F;", "&#x0;", "&#xFFFF;", "\u0001");

    private static final List<String> OPERATIONS =
            List.of("Subscribe", "Subscribe", "SyncFolderItems", "SyncFolderHierarchy", "GetFolder");

    private final EndToEndScene scene;
    private final SimulatedExchange exchange;
    private final Random random;
    private final List<Enum<?>> kinds;
    private final Deque<Enum<?>> bag = new ArrayDeque<>();
    private final Map<Disturbance, Integer> deeds = new EnumMap<>(Disturbance.class);
    private final List<Long> kills = new ArrayList<>();
    private final List<String> diary = new ArrayList<>();
    private DaemonProcess daemon;
    private int dealt;
    private int asked;

    /// @param only names of the kinds that occur; empty for all
    RandomBlows(EndToEndScene scene, Random random, Set<String> only, DaemonProcess daemon) {
        this.scene = scene;
        this.exchange = scene.exchange();
        this.random = random;
        this.kinds = Stream.<Enum<?>>concat(Stream.of(SimulatorFault.values()), Stream.of(Disturbance.values()))
                .filter(kind -> only.isEmpty() || only.contains(kind.name()))
                .toList();
        this.daemon = daemon;
    }

    /// Injects a fault; returns the action that ends it.
    Runnable injectFault() {
        if (bag.isEmpty()) {
            var all = new ArrayList<>(kinds);
            Collections.shuffle(all, random);
            bag.addAll(all);
        }
        dealt++;
        var kind = bag.remove();
        var end = struck(kind);
        return () -> {
            end.run();
            note(kind + " is over");
        };
    }

    private Runnable struck(Enum<?> kind) {
        return switch (kind) {
            case SimulatorFault fault -> fault(fault);
            case Disturbance deed -> {
                deeds.merge(deed, 1, Integer::sum);
                yield deed(deed);
            }
            default -> throw new IllegalStateException("Nothing else is in the bag.");
        };
    }

    private void note(String event) {
        diary.add(Instant.now() + " " + event);
    }

    /// Lists their beginnings and ends by the real clock.
    List<String> diary() {
        return List.copyOf(diary);
    }

    private Runnable fault(SimulatorFault fault) {
        var mailbox = randomMailbox();
        var scope = scope(fault, mailbox);
        note(fault + " strikes " + mailbox
                + scope.value().map(value -> ", " + value).orElse(""));
        exchange.faults().rate(fault, scope, rate(fault));
        exchange.faults().next(fault, scope, 1);
        if (isOfRequests(fault)) {
            // without it, the fault might find no occasion
            if (fault == SimulatorFault.REFUSE_WATERMARK || fault == SimulatorFault.EXPIRE_WATERMARK) {
                exchange.forgetSubscriptions(mailbox);
            } else {
                exchange.moveMailbox(mailbox);
            }
            operatorResubscribes(mailbox.value());
        }
        return () -> {
            if (fault == SimulatorFault.CLOCK_OFFSET) {
                awaitClockRead(scope);
            }
            exchange.faults().rate(fault, scope, 0);
            if (FAILING.contains(fault)) {
                // an operator who repaired it does not wait ten minutes for the next retry
                scene.addresses().forEach(this::operatorResubscribes);
            }
        };
    }

    /// A clock that no successful response showed before it was set right is one that Tidemark cannot know of; what
    /// came by it and is not told by push is lost.
    private void awaitClockRead(FaultScope scope) {
        var minutes = Integer.parseInt(scope.value().orElseThrow().replace("m", ""));
        EndToEndScene.await("the daemon to read Exchange's clock")
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    // one of them may be forbidden; a random choice would change the ones that the seed repeats
                    operatorResubscribes(
                            scene.addresses().get(asked++ % scene.addresses().size()));
                    return Math.abs(scene.admin().clockOffset() - minutes * 60.0) < 60;
                });
    }

    /// Returns the scope and the value of a fault.
    private FaultScope scope(SimulatorFault fault, MailboxAddress mailbox) {
        return switch (fault) {
            case FORBIDDEN, DENY_IMPERSONATION -> FaultScope.ANYWHERE.inMailbox(mailbox);
            case CLOCK_OFFSET -> FaultScope.ANYWHERE.withValue(random.nextInt(-360, 360) + "m");
            case CORRUPT_ITEM -> FaultScope.ANYWHERE.withValue(any(CORRUPT));
            case CONTROL_CHARACTERS -> FaultScope.ANYWHERE.withValue(any(CONTROL));
            case REPEAT_PAGE -> FaultScope.ANYWHERE.withValue(any(List.of("same", "circle")));
            case SLOW_RESPONSE -> FaultScope.ANYWHERE.withValue("500ms");
            case UNAVAILABLE -> FaultScope.ANYWHERE.withValue(any(WAITS));
            case DELAY_CALLBACK -> FaultScope.ANYWHERE.withValue("2s");
            case LOSE_NOTIFICATION, LOSE_REPLY, UNREACHABLE, FORGET_SUBSCRIPTION, ERROR_CALLBACK -> FaultScope.ANYWHERE;
            case DUPLICATE_CALLBACK, TRUNCATE_CALLBACK, REORDER_CALLBACK, EXPIRE_WATERMARK, DEAD_STREAM ->
                FaultScope.ANYWHERE;
            case REFUSE_WATERMARK, REFUSE_SYNC_STATE, EARLY_NOTIFICATION, LOSE_SUBSCRIBE_RESPONSE ->
                FaultScope.ANYWHERE;
            case BUSY_FAULT, BUSY_MESSAGE, BUSY_INNER, UNAUTHORIZED, HTML_ERROR -> FaultScope.ANYWHERE;
            case CLOSE_IDLE, CLOSE_ON_USE, COMPRESS_RESPONSE, HALF_RESPONSE -> FaultScope.ANYWHERE;
        };
    }

    private double rate(SimulatorFault fault) {
        return switch (fault) {
            case LOSE_NOTIFICATION, LOSE_REPLY, FORGET_SUBSCRIPTION, ERROR_CALLBACK -> 0.15 + random.nextDouble() / 4;
            case DELAY_CALLBACK, DUPLICATE_CALLBACK, TRUNCATE_CALLBACK, REORDER_CALLBACK -> 0.2;
            case UNREACHABLE, FORBIDDEN, DENY_IMPERSONATION, CLOCK_OFFSET, CLOSE_IDLE -> 1;
            case BUSY_FAULT, BUSY_MESSAGE, BUSY_INNER, UNAVAILABLE, UNAUTHORIZED, HTML_ERROR -> 0.5;
            case CORRUPT_ITEM, CONTROL_CHARACTERS, REPEAT_PAGE, COMPRESS_RESPONSE -> 0.5;
            case SLOW_RESPONSE, HALF_RESPONSE, CLOSE_ON_USE -> 0.3;
            case REFUSE_WATERMARK, REFUSE_SYNC_STATE, EARLY_NOTIFICATION, LOSE_SUBSCRIBE_RESPONSE -> 0.7;
            case EXPIRE_WATERMARK, DEAD_STREAM -> 0.5;
        };
    }

    private static boolean isOfRequests(SimulatorFault fault) {
        return switch (fault) {
            case LOSE_NOTIFICATION, LOSE_REPLY, UNREACHABLE, FORGET_SUBSCRIPTION, ERROR_CALLBACK -> false;
            case DELAY_CALLBACK, DUPLICATE_CALLBACK, TRUNCATE_CALLBACK, REORDER_CALLBACK, DEAD_STREAM -> false;
            case REFUSE_WATERMARK, REFUSE_SYNC_STATE, EARLY_NOTIFICATION, LOSE_SUBSCRIBE_RESPONSE -> true;
            case EXPIRE_WATERMARK -> true;
            case BUSY_FAULT, BUSY_MESSAGE, BUSY_INNER, UNAVAILABLE, UNAUTHORIZED, FORBIDDEN -> true;
            case DENY_IMPERSONATION, HTML_ERROR, CLOCK_OFFSET, CORRUPT_ITEM, CONTROL_CHARACTERS, REPEAT_PAGE -> true;
            case CLOSE_IDLE, CLOSE_ON_USE, COMPRESS_RESPONSE, SLOW_RESPONSE, HALF_RESPONSE -> true;
        };
    }

    private Runnable deed(Disturbance deed) {
        var mailbox = randomMailbox();
        note(deed + " strikes " + mailbox);
        switch (deed) {
            case FORGET_ALL -> exchange.forgetSubscriptions();
            case FORGET_ONE -> exchange.forgetSubscriptions(mailbox);
            case FORGET_STREAMS -> exchange.forgetStreamingSubscriptions();
            case RESTART_SERVER -> exchange.restartServer(any(exchange.servers()));
            case MOVE_MAILBOX -> exchange.moveMailbox(mailbox);
            case FORGET_HISTORY -> {
                exchange.mailbox(mailbox).forgetHistory();
                exchange.forgetSubscriptions(mailbox);
            }
            case END_BY_ERROR -> exchange.failSubscriptions(mailbox, any(ENDS));
            case DENY -> {
                exchange.denyImpersonation(mailbox, true);
                exchange.forgetSubscriptions(mailbox);
                return () -> {
                    exchange.denyImpersonation(mailbox, false);
                    operatorResubscribes(mailbox.value());
                };
            }
            case REFUSE_ONCE -> {
                exchange.faults().respondWith(any(OPERATIONS), mailbox, any(TROUBLES));
                exchange.moveMailbox(mailbox);
            }
            case KILL -> {
                kills.add(daemon.kill());
                daemon = scene.start();
            }
            case TERMINATE -> {
                daemon.terminate();
                daemon = scene.start();
            }
        }
        return () -> {};
    }

    /// Ends all faults and resubscribes, so that no mailbox waits for a long back-off.
    void clear() {
        exchange.faults().clear();
        note("everything is over");
        scene.addresses().forEach(address -> exchange.denyImpersonation(new MailboxAddress(address), false));
        scene.addresses().forEach(this::operatorResubscribes);
    }

    void operatorResubscribes(String address) {
        scene.admin().post("/api/v1/mailboxes/" + address + "/resubscribe?reason=mended");
    }

    List<Long> kills() {
        return List.copyOf(kills);
    }

    /// Returns whether each kind has occurred.
    boolean allOccurred() {
        return dealt >= kinds.size();
    }

    /// Returns the number of strikes of each kind.
    Map<String, Long> counts() {
        var counts = new TreeMap<String, Long>();
        for (var fault : SimulatorFault.values()) {
            counts.put(fault.name(), exchange.faults().count(fault));
        }
        for (var deed : Disturbance.values()) {
            counts.put(deed.name(), (long) deeds.getOrDefault(deed, 0));
        }
        return counts;
    }

    private MailboxAddress randomMailbox() {
        return new MailboxAddress(any(scene.addresses()));
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
