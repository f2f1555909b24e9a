package dev.tidemark.interleaving;

import java.nio.file.Path;
import java.util.ArrayList;
import kotlin.Unit;
import org.pastalab.fray.core.TestRunner;
import org.pastalab.fray.core.command.Configuration;
import org.pastalab.fray.core.command.ExecutionInfo;
import org.pastalab.fray.core.command.LambdaExecutor;
import org.pastalab.fray.core.command.NetworkDelegateType;
import org.pastalab.fray.core.command.SystemTimeDelegateType;
import org.pastalab.fray.core.observers.TimelineCoverageType;
import org.pastalab.fray.core.randomness.ControlledRandomProvider;
import org.pastalab.fray.core.randomness.RandomnessProvider;
import org.pastalab.fray.core.randomness.RecordedRandomProvider;
import org.pastalab.fray.core.scheduler.POSScheduler;

/// Runs a scenario under many schedules of its threads. Fray chooses each schedule at random and records that of a
/// failure in a folder that it names. `-Dschedules.replay=FOLDER` runs the scenario under that schedule again.
public final class ThreadSchedules {
    private static final int SCHEDULES = Integer.getInteger("schedules", 100);
    private static final String REPLAY = System.getProperty("schedules.replay", "");
    private static final Path REPORTS = Path.of(System.getProperty("schedules.reports", "target/fray-reports"));

    private ThreadSchedules() {}

    /// Code that may wait.
    @FunctionalInterface
    public interface Scenario {
        void run() throws Exception;
    }

    /// Runs the scenario under [#SCHEDULES] schedules. Throws the first failure, also of a deadlock.
    public static void explore(Scenario scenario) throws Throwable {
        var runnable = unchecked(scenario);
        var executor = new LambdaExecutor(() -> {
            runnable.run();
            return Unit.INSTANCE;
        });
        var failure = new TestRunner(configuration(new ExecutionInfo(executor, false, false, -1))).run();
        if (failure != null) {
            throw failure;
        }
    }

    /// Lets Fray also control waits with a timeout. The constructor has no names for its switches.
    private static Configuration configuration(ExecutionInfo execution) {
        var isReplay = !REPLAY.isEmpty();
        return new Configuration(
                execution,
                REPORTS,
                isReplay ? 1 : SCHEDULES,
                Integer.MAX_VALUE,
                new POSScheduler(),
                randomness(isReplay),
                false, // fullSchedule
                false, // exploreMode
                true, // noExitWhenBugFound
                isReplay,
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

    private static RandomnessProvider randomness(boolean isReplay) {
        return isReplay ? new RecordedRandomProvider(REPLAY + "/random.json") : new ControlledRandomProvider();
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
