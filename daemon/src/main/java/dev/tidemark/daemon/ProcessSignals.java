package dev.tidemark.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the operating system tells the process.
final class ProcessSignals {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessSignals.class);

    private ProcessSignals() {}

    /// What was agreed on with [#onTermination].
    @FunctionalInterface
    interface Agreement {
        /// From here on the process ends as it would have by itself. If a signal came before, that goes on.
        void forget();
    }

    /// Has SIGTERM and SIGINT run `stop` and then end the process with 0, or 1 if stopping failed. The JVM by
    /// itself would end with 143, which service managers take for a crash. Any other end of the process does
    /// the same: whoever wants an exit code of its own has to [Agreement#forget] first.
    static Agreement onTermination(Runnable stop) {
        var hook = Thread.ofPlatform().name("stop").unstarted(() -> endBy(stop));
        Runtime.getRuntime().addShutdownHook(hook);
        ignoreHangUp();
        return () -> {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException signalled) {
                LOG.debug("The process is ending already.", signalled);
            }
        };
    }

    private static void endBy(Runnable stop) {
        var code = ExitCodes.DONE;
        try {
            stop.run();
        } catch (RuntimeException broken) {
            LOG.error("The daemon did not stop in order.", broken);
            code = ExitCodes.FAILED;
        }
        Runtime.getRuntime().halt(code);
    }

    /// A terminal that goes away must not end the daemon. The signal API is an unsupported part of the JDK
    /// that the compiler warns of, hence by name.
    private static void ignoreHangUp() {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler answer = (proxy, method, arguments) -> {
                LOG.warn("SIGHUP: reading the configuration again is not available in this version; restart instead.");
                return null;
            };
            var proxy = Proxy.newProxyInstance(ProcessSignals.class.getClassLoader(), new Class<?>[] {handler}, answer);
            var hangUp = signal.getConstructor(String.class).newInstance("HUP");
            signal.getMethod("handle", signal, handler).invoke(null, hangUp, proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException unsupported) {
            LOG.debug("SIGHUP cannot be handled here.", unsupported);
        }
    }
}
