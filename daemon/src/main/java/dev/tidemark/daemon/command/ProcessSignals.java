package dev.tidemark.daemon.command;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Handles SIGTERM, SIGINT and SIGHUP for the process.
final class ProcessSignals {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessSignals.class);

    private ProcessSignals() {}

    /// Registered termination handler, see [#onTermination].
    @FunctionalInterface
    interface Registration {
        /// Removes the handler, so that the process ends with its own exit code. Has no effect after a signal.
        void remove();
    }

    /// Registers `stop` for SIGTERM and SIGINT. Afterward the process exits with 0, or with 1 if `stop` failed.
    /// Without it the JVM exits with 143, which service managers treat as a crash. Every other exit also runs
    /// `stop`; a caller with a different exit code calls [Agreement#forget] first.
    static Registration onTermination(Runnable stop) {
        var hook = Thread.ofPlatform().name("stop").unstarted(() -> stopAndExit(stop));
        Runtime.getRuntime().addShutdownHook(hook);
        return () -> {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException signalled) {
                LOG.debug("The process is already ending", signalled);
            }
        };
    }

    private static void stopAndExit(Runnable stop) {
        var code = ExitCodes.DONE;
        try {
            stop.run();
        } catch (RuntimeException broken) {
            LOG.error("Failed to stop the daemon in order", broken);
            code = ExitCodes.FAILED;
        }
        Runtime.getRuntime().halt(code);
    }

    /// Calls `reload` at each SIGHUP, which must return at once. The daemon keeps running after its terminal has
    /// closed.
    /// Uses reflection, because the compiler warns about the unsupported signal API.
    static void onHangUp(Runnable reload) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler answer = (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                    reload.run();
                }
                return null;
            };
            var proxy = Proxy.newProxyInstance(ProcessSignals.class.getClassLoader(), new Class<?>[] {handler}, answer);
            var hangUp = signal.getConstructor(String.class).newInstance("HUP");
            signal.getMethod("handle", signal, handler).invoke(null, hangUp, proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException unsupported) {
            LOG.debug("SIGHUP cannot be handled on this platform", unsupported);
        }
    }
}
