package dev.tidemark.endtoend;

import dev.tidemark.simulator.Fault;
import dev.tidemark.simulator.FaultScope;
import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.Trouble;
import dev.tidemark.values.MailboxAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
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

/// Everything that a simulated Exchange can do to a daemon, by chance, and the daemon's own end besides. Each
/// kind comes about as often as the others. Used by one thread.
final class RandomBlows {
    /// What is no [Fault] of the simulator's but can be done to it, or to the daemon.
    enum Deed {
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

    private static final List<Trouble> TROUBLES = List.of(
            new Trouble.Message("ErrorInternalServerTransientError"),
            new Trouble.Message("ErrorMailboxMoveInProgress"),
            new Trouble.Message("ErrorInvalidWatermark"),
            new Trouble.Message("ErrorInvalidSyncStateData"),
            new Trouble.Message("ErrorMailboxStoreUnavailable"),
            new Trouble.Message("ErrorProxyRequestNotAllowed"),
            new Trouble.Message("ErrorTimeoutExpired"),
            new Trouble.Message(
                    "ErrorInternalServerError", Optional.of("ErrorADUnavailable"), Optional.of(Duration.ofMillis(500))),
            new Trouble.SoapFault("ErrorConnectionFailed"),
            new Trouble.SoapFault("ErrorServerBusy", Optional.empty(), Optional.of(Duration.ofMillis(500))),
            new Trouble.SoapFault("ErrorAccessDenied"),
            new Trouble.Http(500, Map.of()),
            new Trouble.Http(502, Map.of()),
            new Trouble.Http(503, Map.of("Retry-After", "1")),
            new Trouble.Http(429, Map.of("Retry-After", "1")),
            new Trouble.Http(302, Map.of("Location", "/ews/genericerrorpage.htm")));

    /// Faults that make mailboxes fail until an operator asks again.
    private static final Set<Fault> FAILING =
            EnumSet.of(Fault.UNAUTHORIZED, Fault.UNAVAILABLE, Fault.FORBIDDEN, Fault.DENY_IMPERSONATION);

    /// Waits that are too long to be believed; the daemon probes after half a minute.
    private static final List<String> WAITS = List.of("1", "31536000", "9223372036854775807");

    private static final List<String> CORRUPT = List.of("no-id", "empty-id", "empty", "unknown-kind");
    private static final List<String> CONTROL = List.of("&#x1F;", "&#x0;", "&#xFFFF;", "\u0001");

    private static final List<String> OPERATIONS =
            List.of("Subscribe", "Subscribe", "SyncFolderItems", "SyncFolderHierarchy", "GetFolder");

    private static final Set<String> ONLY =
            Set.copyOf(Arrays.stream(System.getProperty("faults.only", "").split(",", -1))
                    .filter(name -> !name.isEmpty())
                    .toList());

    private final Scene scene;
    private final SimulatedExchange exchange;
    private final Random chance;
    private final Deque<Enum<?>> bag = new ArrayDeque<>();
    private final Map<Deed, Integer> deeds = new EnumMap<>(Deed.class);
    private final List<Long> kills = new ArrayList<>();
    private final List<String> diary = new ArrayList<>();
    private DaemonProcess daemon;
    private int dealt;
    private int asked;

    RandomBlows(Scene scene, Random chance, DaemonProcess daemon) {
        this.scene = scene;
        this.exchange = scene.exchange();
        this.chance = chance;
        this.daemon = daemon;
    }

    /// Strikes, and gives what ends it.
    Runnable strike() {
        if (bag.isEmpty()) {
            var all = new ArrayList<Enum<?>>(Arrays.asList(Fault.values()));
            all.addAll(Arrays.asList(Deed.values()));
            all.removeIf(kind -> !ONLY.isEmpty() && !ONLY.contains(kind.name()));
            Collections.shuffle(all, chance);
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
            case Fault fault -> fault(fault);
            case Deed deed -> {
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

    private Runnable fault(Fault fault) {
        var somebody = anybody();
        var scope = scope(fault, somebody);
        note(fault + " strikes " + somebody
                + scope.value().map(value -> ", " + value).orElse(""));
        exchange.faults().rate(fault, scope, rate(fault));
        exchange.faults().next(fault, scope, 1);
        if (isOfRequests(fault)) {
            // without it, it might find no occasion
            if (fault == Fault.REFUSE_WATERMARK) {
                exchange.forgetSubscriptions(somebody);
            } else {
                exchange.moveMailbox(somebody);
            }
            operatorResubscribes(somebody.value());
        }
        return () -> {
            if (fault == Fault.CLOCK_OFFSET) {
                awaitClockRead(scope);
            }
            exchange.faults().rate(fault, scope, 0);
            if (FAILING.contains(fault)) {
                // an operator who repaired it does not wait ten minutes for the next try
                scene.addresses().forEach(this::operatorResubscribes);
            }
        };
    }

    /// A clock that no successful response showed before it was set right is one that Tidemark cannot know of; what
    /// came by it and is not told by push is lost.
    private void awaitClockRead(FaultScope scope) {
        var minutes = Integer.parseInt(scope.value().orElseThrow().replace("m", ""));
        Scene.await("the daemon to read Exchange's clock")
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    // one of them may be forbidden; a random choice would change the ones that the seed repeats
                    operatorResubscribes(
                            scene.addresses().get(asked++ % scene.addresses().size()));
                    return Math.abs(scene.admin().clockOffset() - minutes * 60.0) < 60;
                });
    }

    /// Returns the scope and the value of a fault.
    private FaultScope scope(Fault fault, MailboxAddress somebody) {
        return switch (fault) {
            case FORBIDDEN, DENY_IMPERSONATION -> FaultScope.ANYWHERE.inMailbox(somebody);
            case CLOCK_OFFSET -> FaultScope.ANYWHERE.withValue(chance.nextInt(-360, 360) + "m");
            case CORRUPT_ITEM -> FaultScope.ANYWHERE.withValue(any(CORRUPT));
            case CONTROL_CHARACTERS -> FaultScope.ANYWHERE.withValue(any(CONTROL));
            case REPEAT_PAGE -> FaultScope.ANYWHERE.withValue(any(List.of("same", "circle")));
            case SLOW_RESPONSE -> FaultScope.ANYWHERE.withValue("500ms");
            case UNAVAILABLE -> FaultScope.ANYWHERE.withValue(any(WAITS));
            case LOSE_NOTIFICATION, LOSE_REPLY, UNREACHABLE, FORGET_SUBSCRIPTION, ERROR_CALLBACK -> FaultScope.ANYWHERE;
            case REFUSE_WATERMARK, REFUSE_SYNC_STATE, EARLY_NOTIFICATION, LOSE_SUBSCRIBE_RESPONSE ->
                FaultScope.ANYWHERE;
            case BUSY_FAULT, BUSY_MESSAGE, BUSY_INNER, UNAUTHORIZED, HTML_ERROR -> FaultScope.ANYWHERE;
            case CLOSE_IDLE, CLOSE_ON_USE, COMPRESS_RESPONSE, HALF_RESPONSE -> FaultScope.ANYWHERE;
        };
    }

    private double rate(Fault fault) {
        return switch (fault) {
            case LOSE_NOTIFICATION, LOSE_REPLY, FORGET_SUBSCRIPTION, ERROR_CALLBACK -> 0.15 + chance.nextDouble() / 4;
            case UNREACHABLE, FORBIDDEN, DENY_IMPERSONATION, CLOCK_OFFSET, CLOSE_IDLE -> 1;
            case BUSY_FAULT, BUSY_MESSAGE, BUSY_INNER, UNAVAILABLE, UNAUTHORIZED, HTML_ERROR -> 0.5;
            case CORRUPT_ITEM, CONTROL_CHARACTERS, REPEAT_PAGE, COMPRESS_RESPONSE -> 0.5;
            case SLOW_RESPONSE, HALF_RESPONSE, CLOSE_ON_USE -> 0.3;
            case REFUSE_WATERMARK, REFUSE_SYNC_STATE, EARLY_NOTIFICATION, LOSE_SUBSCRIBE_RESPONSE -> 0.7;
        };
    }

    private static boolean isOfRequests(Fault fault) {
        return switch (fault) {
            case LOSE_NOTIFICATION, LOSE_REPLY, UNREACHABLE, FORGET_SUBSCRIPTION, ERROR_CALLBACK -> false;
            case REFUSE_WATERMARK, REFUSE_SYNC_STATE, EARLY_NOTIFICATION, LOSE_SUBSCRIBE_RESPONSE -> true;
            case BUSY_FAULT, BUSY_MESSAGE, BUSY_INNER, UNAVAILABLE, UNAUTHORIZED, FORBIDDEN -> true;
            case DENY_IMPERSONATION, HTML_ERROR, CLOCK_OFFSET, CORRUPT_ITEM, CONTROL_CHARACTERS, REPEAT_PAGE -> true;
            case CLOSE_IDLE, CLOSE_ON_USE, COMPRESS_RESPONSE, SLOW_RESPONSE, HALF_RESPONSE -> true;
        };
    }

    private Runnable deed(Deed deed) {
        var somebody = anybody();
        note(deed + " strikes " + somebody);
        switch (deed) {
            case FORGET_ALL -> exchange.forgetSubscriptions();
            case FORGET_ONE -> exchange.forgetSubscriptions(somebody);
            case FORGET_STREAMS -> exchange.forgetStreamingSubscriptions();
            case RESTART_SERVER -> exchange.restartServer(any(exchange.servers()));
            case MOVE_MAILBOX -> exchange.moveMailbox(somebody);
            case FORGET_HISTORY -> {
                exchange.mailbox(somebody).forgetHistory();
                exchange.forgetSubscriptions(somebody);
            }
            case END_BY_ERROR -> exchange.failSubscriptions(somebody, any(ENDS));
            case DENY -> {
                exchange.denyImpersonation(somebody, true);
                exchange.forgetSubscriptions(somebody);
                return () -> {
                    exchange.denyImpersonation(somebody, false);
                    operatorResubscribes(somebody.value());
                };
            }
            case REFUSE_ONCE -> {
                exchange.faults().answer(any(OPERATIONS), somebody, any(TROUBLES));
                exchange.moveMailbox(somebody);
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

    /// No fault any more, and nobody waits for a back-off of minutes.
    void over() {
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

    /// Whether each kind has had its turn.
    boolean allDealt() {
        return dealt >= Fault.values().length + Deed.values().length;
    }

    /// How often each struck.
    Map<String, Long> counts() {
        var counts = new TreeMap<String, Long>();
        for (var fault : Fault.values()) {
            counts.put(fault.name(), exchange.faults().count(fault));
        }
        for (var deed : Deed.values()) {
            counts.put(deed.name(), (long) deeds.getOrDefault(deed, 0));
        }
        return counts;
    }

    private MailboxAddress anybody() {
        return new MailboxAddress(any(scene.addresses()));
    }

    private <T> T any(List<T> some) {
        return some.get(chance.nextInt(some.size()));
    }
}
