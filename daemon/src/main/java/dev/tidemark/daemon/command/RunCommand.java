package dev.tidemark.daemon.command;

import dev.tidemark.daemon.DaemonClocks;
import dev.tidemark.daemon.DaemonRunner;
import dev.tidemark.daemon.StartAbortedException;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.logging.LogOutput;
import dev.tidemark.daemon.service.ServiceManagerNotifier;
import dev.tidemark.store.StoreException;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `tidemark run`: runs the daemon in the foreground until a signal stops it.
@Command(name = "run", description = "Runs the daemon in the foreground.", mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
    private static final String LEVEL_VARIABLE = "TIDEMARK_LOG_LEVEL";

    private final CommandEnvironment environment;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    private ProcessSignals.Registration terminationHandler = () -> {};

    RunCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        var run = new DaemonRunner();
        try (var manager = ServiceManagerNotifier.of(environment.variables())) {
            manager.starting();
            awaitEnd(run, manager, start(run, manager));
            return ExitCodes.DONE;
        } catch (StartAbortedException wanted) {
            return ExitCodes.DONE;
        } catch (RuntimeException failed) {
            terminationHandler.remove();
            throw failed;
        }
    }

    /// Starts the daemon. A separate method, because the configuration names all mailboxes and must not stay in
    /// memory.
    private TidemarkDaemon start(DaemonRunner run, ServiceManagerNotifier manager) {
        var read = config.read(environment);
        var err = spec.commandLine().getErr();
        read.warnings().forEach(warning -> err.println(warning.text()));
        err.flush();
        LogOutput.apply(
                read.log(), environment.variables().apply(LEVEL_VARIABLE).isPresent());
        terminationHandler = ProcessSignals.onTermination(() -> {
            manager.stopping();
            run.stop();
        });
        ProcessSignals.onHangUp(() -> run.reload("SIGHUP"));
        return run.start(read, DaemonClocks.steady(environment.clock()));
    }

    private void awaitEnd(DaemonRunner run, ServiceManagerNotifier manager, TidemarkDaemon daemon)
            throws InterruptedException {
        if (daemon.awaitReady() && !run.isStopping()) {
            var out = spec.commandLine().getOut();
            out.println("tidemark ready listener=" + daemon.listenerAddress() + " admin=" + daemon.adminAddress()
                    + " page=" + daemon.pageAddress());
            out.flush();
            manager.ready(daemon::restartReason);
        }
        var reason = daemon.awaitEnd();
        if (reason.isPresent()) {
            manager.stopping();
            stopUnsaved(run);
            throw new StoreException(reason.get());
        }
    }

    /// Stops a daemon whose store takes no further change, so that its last ones cannot be saved.
    private static void stopUnsaved(DaemonRunner run) {
        try {
            run.stop();
        } catch (RuntimeException expected) {
            LOG.debug("The store was closed without its last changes", expected);
        }
    }
}
