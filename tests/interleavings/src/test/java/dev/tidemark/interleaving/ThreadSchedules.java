package dev.tidemark.interleaving;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import kotlin.Unit;
import org.pastalab.fray.core.TestRunner;
import org.pastalab.fray.core.command.Configuration;
import org.pastalab.fray.core.command.ExecutionInfo;
import org.pastalab.fray.core.command.LambdaExecutor;
import org.pastalab.fray.core.command.NetworkDelegateType;
import org.pastalab.fray.core.command.SystemTimeDelegateType;
import org.pastalab.fray.core.observers.TimelineCoverageType;
import org.pastalab.fray.core.randomness.ControlledRandom;
import org.pastalab.fray.core.scheduler.PCTScheduler;
import org.pastalab.fray.core.scheduler.POSScheduler;
import org.pastalab.fray.core.scheduler.Scheduler;

/// Runs a scenario under many schedules of its threads, which Fray chooses by random numbers from `-Dschedules.seed`.
/// Fray records the schedule of a failure in the folder that it names.
public final class ThreadSchedules {
    private static final int SCHEDULES = Integer.getInteger("schedules", 100);
    private static final long SEED = Long.getLong("schedules.seed", 1);
    private static final Path REPORTS = Path.of(System.getProperty("schedules.reports", "target/fray-reports"));

    private ThreadSchedules() {}

    /// Code that may wait.
    @FunctionalInterface
    public interface Scenario {
        void run() throws Exception;
    }

    /// Runs the scenario under [#SCHEDULES] schedules and prints their number. Throws the first failure, also of a
    /// deadlock.
    public static void explore(Scenario scenario) {
        var runnable = unchecked(scenario);
        var explored = new long[1];
        var executor = new LambdaExecutor(() -> {
            explored[0]++;
            runnable.run();
            return Unit.INSTANCE;
        });
        // one prefers short runs of each thread, the other long ones
        for (var scheduler : List.of(new POSScheduler(), new PCTScheduler())) {
            var execution = new ExecutionInfo(executor, false, false, -1);
            var failure = new TestRunner(configuration(execution, scheduler)).run();
            if (failure != null) {
                throw new AssertionError(
                        "Schedule " + explored[0] + " of -Dschedules.seed=" + SEED + " failed.", failure);
            }
        }
        System.out.println("Explored " + explored[0] + " schedules of -Dschedules.seed=" + SEED);
    }

    /// Lets Fray also control waits with a timeout. The constructor has no names for its switches.
    private static Configuration configuration(ExecutionInfo execution, Scheduler scheduler) {
        var random = new Random(SEED);
        return new Configuration(
                execution,
                REPORTS,
                SCHEDULES / 2,
                Integer.MAX_VALUE,
                scheduler,
                () -> new ControlledRandom(new ArrayList<>(), new ArrayList<>(), random),
                false, // fullSchedule
                false, // exploreMode
                true, // noExitWhenBugFound
                false, // isReplay
                false, // noFray
                false, // dummyRun
                NetworkDelegateType.NONE,
                SystemTimeDelegateType.NONE,
                0,
                false, // ignoreTimedBlock
                true, // sleepAsYield
                false, // resetClassLoader
                false, // redirectStdout
                false, // abortThreadExecutionAfterMainExit
                false, // resolveRacingOperationStackTraceHash
                TimelineCoverageType.NONE);
    }

    /// Runs the parts at the same time and waits for all of them.
    public static void together(Scenario... parts) throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (var part : parts) {
            var thread = new Thread(unchecked(part));
            threads.add(thread);
            thread.start();
        }
        for (var thread : threads) {
            thread.join();
        }
    }

    private static Runnable unchecked(Scenario scenario) {
        return () -> {
            try {
                scenario.run();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
    }
}
