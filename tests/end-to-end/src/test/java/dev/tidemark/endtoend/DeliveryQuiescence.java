package dev.tidemark.endtoend;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Waits for items that the webhook does not know yet, as long as the daemon may still find them. A machine that
/// stands still delays everything, so no fixed time tells a loss from a delay. An item counts as lost after a while
/// in which the daemon had nothing left to do and no other item came.
final class DeliveryQuiescence {
    /// Longest rest before a further item. The silence limit is six seconds, and a push takes as long.
    private static final Duration REST = Duration.ofMinutes(2);

    /// Limit for a daemon that stays busy.
    private static final Duration MAX_TIME = Duration.ofMinutes(20);

    /// States that a quiet mailbox takes in turn: it is subscribed again every few seconds, and resynchronized
    /// now and then.
    private static final Set<String> RESTING = Set.of("active", "silent", "resyncing", "degraded");

    /// Texts of the admin API for a pending repair.
    private static final Set<String> WAITING = Set.of("compensation", "retry", "tried again automatically");

    private final EndToEndScene scene;
    private final RandomLife life;
    private final RandomBlows blows;
    private final long start = System.nanoTime();
    private long restSince = start;
    private int missing = Integer.MAX_VALUE;

    DeliveryQuiescence(EndToEndScene scene, RandomLife life, RandomBlows blows) {
        this.scene = scene;
        this.life = life;
        this.blows = blows;
    }

    /// Returns the time that it took.
    Duration await() {
        while (isMissing() && !isOver()) {
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private boolean isMissing() {
        var now = left(DeliveryHistory.CREATED, life.created()) + left(DeliveryHistory.RECEIVED, life.received());
        if (now < missing) {
            missing = now;
            restSince = System.nanoTime();
        }
        return now > 0;
    }

    private int left(String type, Set<String> wanted) {
        var left = new HashSet<>(wanted);
        left.removeAll(scene.webhook().story().items(type));
        return left.size();
    }

    private boolean isOver() {
        var now = System.nanoTime();
        if (isBusy()) {
            restSince = now;
        }
        return now - restSince > REST.toNanos() || now - start > MAX_TIME.toNanos();
    }

    private boolean isBusy() {
        return scene.addresses().stream().filter(this::isBusy).count() > 0;
    }

    /// Requests a failed mailbox again, because a refusal may have been in flight at the first request.
    private boolean isBusy(String address) {
        var mailbox = scene.admin().mailbox(address);
        var state = mailbox.path("state").asString();
        if (state.equals("failed")) {
            blows.operatorResubscribes(address);
        }
        return !RESTING.contains(state)
                || WAITING.contains(mailbox.at("/next/what").asString());
    }
}
