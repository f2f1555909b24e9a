package dev.tidemark.compensator;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.subscriber.MailboxSubscriber;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Real compensator without Quartz and without threads. It works on the thread that moves the time.
public final class AgendaCompensator {
    private AgendaCompensator() {}

    /// `timetable` runs work after a delay.
    public static Compensator start(
            CompensatorConfig config,
            MailboxSubscriber subscriber,
            WatermarkStore store,
            Clock clock,
            BiConsumer<Duration, Runnable> timetable) {
        return Compensator.start(
                config,
                subscriber,
                store,
                clock,
                new Compensator.Machinery(tasks -> new Steps(tasks, timetable), new OnTheSpot()));
    }

    private static final class Steps implements TaskScheduler {
        private final Map<String, Task> tasks;
        private final Map<String, Long> wakes = new ConcurrentHashMap<>();
        private final BiConsumer<Duration, Runnable> timetable;
        private volatile boolean closed;

        Steps(List<Task> tasks, BiConsumer<Duration, Runnable> timetable) {
            this.tasks = tasks.stream().collect(Collectors.toMap(Task::name, Function.identity()));
            this.timetable = timetable;
        }

        @Override
        public void start() {
            tasks.values().forEach(task -> timetable.accept(task.first(), () -> again(task)));
        }

        private void again(Task task) {
            run(task);
            timetable.accept(task.every(), () -> again(task));
        }

        private void run(Task task) {
            if (!closed) {
                task.work().run();
            }
        }

        @Override
        public void wakeNow(String task) {
            timetable.accept(Duration.ZERO, () -> run(named(task)));
        }

        @Override
        public void wakeIn(String task, Duration delay) {
            var mine = wakes.merge(task, 1L, Long::sum);
            timetable.accept(delay, () -> {
                if (mine.equals(wakes.get(task))) {
                    run(named(task));
                }
            });
        }

        private Task named(String name) {
            return Objects.requireNonNull(tasks.get(name), name);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class OnTheSpot extends AbstractExecutorService {
        @Override
        public void execute(Runnable work) {
            work.run();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return true;
        }

        @Override
        public boolean isTerminated() {
            return true;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
