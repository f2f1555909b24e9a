package dev.tidemark.daemon.command;

import dev.tidemark.daemon.DaemonClocks;
import dev.tidemark.daemon.DaemonRunner;
import dev.tidemark.daemon.StartAbortedException;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.logging.LogOutput;
import dev.tidemark.daemon.service.ServiceManagerNotifier;
import dev.tidemark.store.StoreException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the daemon in the foreground until a signal stops it. Used once, by the main thread. Uses no class of
/// picocli. picocli is compiled for Java 5, and the JVM's class cache cannot hold such classes.
final class ForegroundRun {
    private static final Logger LOG = LoggerFactory.getLogger(ForegroundRun.class);
    private static final String LEVEL_VARIABLE = "TIDEMARK_LOG_LEVEL";

    private final CommandEnvironment environment;
    private final PrintWriter out;
    private final PrintWriter err;
    private ProcessSignals.Registration terminationHandler = () -> {};

    ForegroundRun(CommandEnvironment environment, PrintWriter out, PrintWriter err) {
        this.environment = environment;
        this.out = out;
        this.err = err;
    }

    /// Returns the configuration of a plain start, `run` or `run --config FILE`. Empty if the arguments need
    /// the command line's parser.
    static Optional<Path> plainConfig(String... arguments) {
        if (arguments.length == 1 && arguments[0].equals("run")) {
            return Optional.of(AdminEndpoint.USUAL_CONFIG);
        }
        var named = arguments.length == 3 && arguments[0].equals("run") && arguments[1].equals("--config");
        return named && isPlain(arguments[2]) ? Optional.of(Path.of(arguments[2])) : Optional.empty();
    }

    /// Returns false for an option, an argument file and a quoted value, which the parser treats differently.
    private static boolean isPlain(String value) {
        return !value.isEmpty() && "-@\"'".indexOf(value.charAt(0)) < 0;
    }

    /// Returns the exit code of a daemon that was stopped.
    int execute(Path config) throws InterruptedException {
        var run = new DaemonRunner();
        try (var manager = ServiceManagerNotifier.of(environment.variables())) {
            manager.starting();
            awaitEnd(run, manager, start(run, manager, config));
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
    private TidemarkDaemon start(DaemonRunner run, ServiceManagerNotifier manager, Path config) {
        Thread.ofPlatform().daemon().name("trusted-certificates").start(ForegroundRun::loadTrustedCertificates);
        var read = TidemarkConfig.read(config, environment.variables());
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

    /// Loads the JVM's trusted certificates while the configuration is read. The first HTTP client would
    /// otherwise wait for them.
    private static void loadTrustedCertificates() {
        try {
            LOG.debug(
                    "Loaded the trusted certificates: {}",
                    SSLContext.getDefault().getProtocol());
        } catch (NoSuchAlgorithmException e) {
            LOG.debug("Failed to load the trusted certificates; the first connection reports it", e);
        }
    }

    /// Starts the daemon, waits until it is ready and stops it, so that the JVM records all classes of a start.
    void rehearse(Path config) throws InterruptedException {
        var run = new DaemonRunner();
        try (var manager = ServiceManagerNotifier.of(environment.variables())) {
            manager.starting();
            reportReady(run, manager, start(run, manager, config));
            run.stop();
        } finally {
            terminationHandler.remove();
        }
    }

    private void reportReady(DaemonRunner run, ServiceManagerNotifier manager, TidemarkDaemon daemon)
            throws InterruptedException {
        if (daemon.awaitReady() && !run.isStopping()) {
            out.println("tidemark ready listener=" + daemon.listenerAddress() + " admin=" + daemon.adminAddress()
                    + " page=" + daemon.pageAddress());
            out.flush();
            manager.ready(daemon::restartReason);
        }
    }

    private void awaitEnd(DaemonRunner run, ServiceManagerNotifier manager, TidemarkDaemon daemon)
            throws InterruptedException {
        reportReady(run, manager, daemon);
        var reason = daemon.awaitEnd();
        if (reason.isPresent()) {
            manager.stopping();
            stopUnsaved(run);
            throw new StoreException(reason.get());
        }
    }

    /// Stops a daemon whose store accepts no changes. Its last changes cannot be saved.
    private static void stopUnsaved(DaemonRunner run) {
        try {
            run.stop();
        } catch (RuntimeException expected) {
            LOG.debug("The store was closed without its last changes", expected);
        }
    }
}
