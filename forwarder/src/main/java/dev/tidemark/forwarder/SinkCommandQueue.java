package dev.tidemark.forwarder;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// What the thread of a sink is told, in the order it was told. Safe for use by many threads; one takes.
final class SinkCommandQueue {
    private final LinkedBlockingQueue<SinkCommand> messages = new LinkedBlockingQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();

    /// There may be something to do. Said twice before it is taken, it is told once.
    void wake() {
        if (awake.compareAndSet(false, true)) {
            messages.add(new SinkCommand.Wake());
        }
    }

    void add(SinkCommand message) {
        messages.add(message);
    }

    /// Waits for a message as long as `most`, then hands on every one there is.
    void await(Duration most, Consumer<SinkCommand> taker) throws InterruptedException {
        // a moment that has come is not worth a sleep
        var message = Optional.ofNullable(
                most.isPositive() ? messages.poll(most.toMillis() + 1, TimeUnit.MILLISECONDS) : messages.poll());
        while (message.isPresent()) {
            if (message.get() instanceof SinkCommand.Wake) {
                awake.set(false);
            }
            taker.accept(message.get());
            message = Optional.ofNullable(messages.poll());
        }
    }
}
