package dev.tidemark.endtoend;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Waits for items that the webhook does not know yet, as long as the daemon may still find them. A machine that
/// stands still delays everything, so no fixed time tells a loss from a delay. An item counts as lost after a while
/// in which the daemon had nothing left to do and no other item came.
final class Settling {
    /// Longest rest before a further item. The silence limit is six seconds, and a push takes as long.
    private static final Duration REST = Duration.ofMinutes(2);

    /// A daemon that is still busy after this time comes to no end.
    private static final Duration MOST = Duration.ofMinutes(20);

    /// States that a quiet mailbox takes in turn: it is subscribed again every few seconds, and resynchronized now and
    /// then.
    private static final Set<String> RESTING = Set.of("active", "silent", "resyncing", "degraded");

    /// Words of the admin API for a repair that waits.
    private static final Set<String> WAITING = Set.of("compensation", "another try", "tried again automatically");

    private final Scene scene;
    private final RandomLife life;
    private final RandomBlows blows;
    private final long start = System.nanoTime();
    private long restSince = start;
    private int missing = Integer.MAX_VALUE;

    Settling(Scene scene, RandomLife life, RandomBlows blows) {
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
        var now = left(Story.CREATED, life.created()) + left(Story.RECEIVED, life.received());
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
        return now - restSince > REST.toNanos() || now - start > MOST.toNanos();
    }

    private boolean isBusy() {
        return scene.addresses().stream().filter(this::isBusy).count() > 0;
    }

    /// A refusal may have been under way when the operator asked: this one asks again.
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
