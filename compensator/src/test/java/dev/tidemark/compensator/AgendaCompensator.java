package dev.tidemark.compensator;

import dev.tidemark.compensator.schedule.TaskScheduler;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.subscriber.MailboxSubscriber;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Starts the real compensator without Quartz and without threads. It works on the thread that moves the time.
/// Other modules use it through this module's test jar.
public final class AgendaCompensator {
    private AgendaCompensator() {}

    /// Runs work after a delay.
    public interface Timetable {
        void after(Duration delay, Runnable work);
    }

    /// Scheduling of a compensator.
    ///
    /// @param executor runs compensations
    /// @param intervalFactor multiplies the intervals of periodic tasks
    /// @param random numbers from 0 (inclusive) to 1 (exclusive), which spread the repairs
    public record Agenda(Timetable timetable, Executor executor, int intervalFactor, DoubleSupplier random) {
        /// Runs compensations at once and periodic tasks at their intervals.
        public static Agenda immediate(Timetable timetable) {
            return new Agenda(
                    timetable,
                    Runnable::run,
                    1,
                    () -> ThreadLocalRandom.current().nextDouble());
        }
    }

    public static Compensator start(
            CompensatorConfig config, MailboxSubscriber subscriber, WatermarkStore store, Clock clock, Agenda agenda) {
        var scheduling = new CompensatorParts.Scheduling(
                tasks -> new Steps(tasks, agenda),
                new DelegatingExecutor(agenda.executor()),
                agenda.random(),
                Compensator.Duty.ALONE);
        return Compensator.start(config, subscriber, store, clock, scheduling);
    }

    private static final class Steps implements TaskScheduler {
        private final Map<String, Task> tasks;
        private final Map<String, Long> wakes = new ConcurrentHashMap<>();
        private final Agenda agenda;
        private volatile boolean closed;

        Steps(List<Task> tasks, Agenda agenda) {
            this.tasks = tasks.stream().collect(Collectors.toMap(Task::name, Function.identity()));
            this.agenda = agenda;
        }

        @Override
        public void start() {
            tasks.values().forEach(task -> agenda.timetable().after(task.first(), () -> repeat(task)));
        }

        private void repeat(Task task) {
            run(task);
            agenda.timetable().after(task.every().multipliedBy(agenda.intervalFactor()), () -> repeat(task));
        }

        private void run(Task task) {
            if (!closed) {
                try {
                    task.work().run();
                } catch (StoreException refused) {
                    // as QuartzTaskScheduler does, which only logs it
                }
            }
        }

        @Override
        public void wakeNow(String task) {
            agenda.timetable().after(Duration.ZERO, () -> run(named(task)));
        }

        @Override
        public void wakeIn(String task, Duration delay) {
            var mine = wakes.merge(task, 1L, Long::sum);
            agenda.timetable().after(delay, () -> {
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

    private static final class DelegatingExecutor extends AbstractExecutorService {
        private final Executor executor;
        private volatile boolean shutdown;

        DelegatingExecutor(Executor executor) {
            this.executor = executor;
        }

        @Override
        public void execute(Runnable work) {
            executor.execute(work);
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
