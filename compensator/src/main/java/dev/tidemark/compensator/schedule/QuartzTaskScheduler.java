package dev.tidemark.compensator.schedule;

import static org.quartz.JobBuilder.newJob;
import static org.quartz.SimpleScheduleBuilder.simpleSchedule;
import static org.quartz.TriggerBuilder.newTrigger;

import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.quartz.DateBuilder;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleTrigger;
import org.quartz.TriggerKey;
import org.quartz.impl.DirectSchedulerFactory;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.simpl.RAMJobStore;
import org.quartz.simpl.SimpleThreadPool;
import org.quartz.spi.ThreadExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Task scheduler on Quartz with its memory store. Owns the threads and the times of the runs. Thread-safe.
public final class QuartzTaskScheduler implements TaskScheduler {
    private static final Logger log = LoggerFactory.getLogger(QuartzTaskScheduler.class);

    /// Delay after which a run counts as missed: the machine slept, or the previous run took too long.
    private static final Duration MISFIRE = Duration.ofSeconds(5);

    private final Scheduler scheduler;
    private final ClockJumpDetector clock;

    private QuartzTaskScheduler(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.clock = ClockJumpDetector.start(this::rescheduleAll);
    }

    /// Schedules `tasks`; none runs before [#start].
    public static QuartzTaskScheduler prepare(List<Task> tasks) {
        return prepare(tasks, MISFIRE);
    }

    static QuartzTaskScheduler prepare(List<Task> tasks, Duration misfire) {
        try {
            var scheduler = create(tasks.size(), misfire);
            scheduler.setJobFactory((bundle, ignored) ->
                    new TaskJob(taskFor(tasks, bundle.getJobDetail().getKey())));
            for (var task : tasks) {
                scheduler.scheduleJob(
                        newJob(TaskJob.class).withIdentity(task.name()).build(),
                        newTrigger()
                                .startAt(after(task.first()))
                                .withSchedule(simpleSchedule()
                                        .withIntervalInMilliseconds(task.every().toMillis())
                                        .repeatForever()
                                        // one immediate run for all missed runs
                                        .withMisfireHandlingInstructionNowWithExistingCount())
                                .build());
            }
            return new QuartzTaskScheduler(scheduler);
        } catch (SchedulerException e) {
            throw new TaskSchedulerException("Cannot create the scheduler: " + e.getMessage(), e);
        }
    }

    @Override
    public void start() {
        try {
            scheduler.start();
        } catch (SchedulerException e) {
            throw new TaskSchedulerException("Cannot start the scheduler: " + e.getMessage(), e);
        }
    }

    @Override
    public void wakeNow(String task) {
        try {
            scheduler.triggerJob(JobKey.jobKey(task));
        } catch (SchedulerException e) {
            log.debug("Did not wake {}: the scheduler is stopped", task, e);
        }
    }

    @Override
    public synchronized void wakeIn(String task, Duration delay) {
        var key = TriggerKey.triggerKey("wake-" + task);
        var trigger = newTrigger()
                .withIdentity(key)
                .forJob(JobKey.jobKey(task))
                .startAt(after(delay))
                .withSchedule(simpleSchedule().withMisfireHandlingInstructionFireNow())
                .build();
        try {
            if (scheduler.rescheduleJob(key, trigger) == null) {
                scheduler.scheduleJob(trigger);
            }
        } catch (SchedulerException e) {
            log.debug("Did not wake {}: the scheduler is stopped", task, e);
        }
    }

    /// Reschedules each task: its next run comes one interval from now.
    synchronized void rescheduleAll() {
        try {
            for (var key : scheduler.getTriggerKeys(GroupMatcher.anyTriggerGroup())) {
                if (scheduler.getTrigger(key) instanceof SimpleTrigger planned) {
                    var next = after(Duration.ofMillis(planned.getRepeatInterval()));
                    scheduler.rescheduleJob(
                            key, planned.getTriggerBuilder().startAt(next).build());
                }
            }
            log.info("System clock moved backward; rescheduled all tasks");
        } catch (SchedulerException e) {
            log.warn(
                    "System clock moved backward and rescheduling failed: {}; tasks run late until the clock catches up",
                    e.getMessage());
        }
    }

    @Override
    public void close() {
        clock.close();
        try {
            scheduler.shutdown(true);
        } catch (SchedulerException e) {
            log.warn("Failed to stop Quartz: {}", e.getMessage());
        }
    }

    private static Task taskFor(List<Task> tasks, JobKey key) {
        return tasks.stream()
                .filter(task -> task.name().equals(key.getName()))
                .findFirst()
                .orElseThrow();
    }

    private static Date after(Duration delay) {
        var millis = Math.clamp(delay.toMillis(), 0, Integer.MAX_VALUE);
        return DateBuilder.futureDate(millis, DateBuilder.IntervalUnit.MILLISECOND);
    }

    /// Creates the scheduler in code, because Quartz applies properties by slow reflection.
    private static Scheduler create(int tasks, Duration misfire) throws SchedulerException {
        // several daemons may live in one JVM, and Quartz keeps its schedulers by name
        var name = "tidemark-" + UUID.randomUUID();
        var threads = new SimpleThreadPool(tasks, Thread.NORM_PRIORITY);
        threads.setThreadNamePrefix("compensator");
        threads.setMakeThreadsDaemons(true);
        var store = new RAMJobStore();
        store.setMisfireThreshold(misfire.toMillis());
        var factory = DirectSchedulerFactory.getInstance();
        factory.createScheduler(
                name, name, threads, new DaemonThreadStarter(), store, Map.of(), null, 0, -1, -1, false, null);
        return factory.getScheduler(name);
    }

    /// Starts the scheduling thread of Quartz.
    private static final class DaemonThreadStarter implements ThreadExecutor {
        @Override
        public void execute(Thread thread) {
            thread.setName("compensator-schedule");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void initialize() {}
    }

    @DisallowConcurrentExecution
    private static final class TaskJob implements Job {
        private final Task task;

        TaskJob(Task task) {
            this.task = task;
        }

        @Override
        public void execute(JobExecutionContext context) {
            try {
                task.work().run();
            } catch (RuntimeException | Error e) {
                log.error("A run of {} failed; the next run starts as scheduled", task.name(), e);
            }
        }
    }
}
