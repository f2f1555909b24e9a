package dev.tidemark.compensator;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.MailboxSubscriber;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Real compensator without Quartz and without threads. It schedules its work on the caller's timetable.
public final class AgendaCompensator {
    /// Schedules work. Both methods are called on the only thread.
    public interface Timetable {
        void after(Duration delay, Runnable work);
    }

    private final Compensator compensator;

    private AgendaCompensator(Compensator compensator) {
        this.compensator = compensator;
    }

    public static AgendaCompensator start(
            CompensatorConfig config,
            MailboxSubscriber subscriber,
            WatermarkStore store,
            Clock clock,
            Timetable timetable) {
        var machinery = new Compensator.Machinery(tasks -> new Steps(tasks, timetable), new Later(timetable));
        return new AgendaCompensator(Compensator.start(config, subscriber, store, clock, machinery));
    }

    public void raise(MailboxId mailbox) {
        compensator.raise(mailbox);
    }

    public void close() {
        compensator.close();
    }

    private static final class Steps implements TaskScheduler {
        private final Map<String, Task> tasks;
        private final Map<String, Long> wakes = new HashMap<>();
        private final Timetable timetable;
        private boolean closed;

        Steps(List<Task> tasks, Timetable timetable) {
            this.tasks = tasks.stream().collect(Collectors.toMap(Task::name, Function.identity()));
            this.timetable = timetable;
        }

        @Override
        public void start() {
            tasks.values().forEach(task -> timetable.after(task.first(), () -> again(task)));
        }

        /// Repeats a task. Histories last weeks, so periodic tasks run less often here.
        private void again(Task task) {
            run(task);
            timetable.after(task.every().multipliedBy(6), () -> again(task));
        }

        private void run(Task task) {
            if (!closed) {
                task.work().run();
            }
        }

        @Override
        public void wakeNow(String task) {
            timetable.after(Duration.ZERO, () -> run(named(task)));
        }

        @Override
        public void wakeIn(String task, Duration delay) {
            var mine = wakes.merge(task, 1L, Long::sum);
            timetable.after(delay, () -> {
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

    /// Queue of work that is due soon.
    private static final class Later extends AbstractExecutorService {
        private static final Duration SOON = Duration.ofSeconds(3);

        private final Timetable timetable;
        private boolean shutdown;

        Later(Timetable timetable) {
            this.timetable = timetable;
        }

        @Override
        public void execute(Runnable work) {
            timetable.after(SOON, work);
        }

        @Override
        public void shutdown() {
            shutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
