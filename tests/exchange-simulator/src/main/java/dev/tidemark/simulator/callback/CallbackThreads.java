package dev.tidemark.simulator.callback;

import java.lang.Thread.UncaughtExceptionHandler;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Creates the threads of callbacks, one for each task: virtual ones from Java 21, which this module's class files
/// for Java 17 can only find by name, else platform threads.
final class CallbackThreads {
    private static final Logger log = LoggerFactory.getLogger(CallbackThreads.class);

    private CallbackThreads() {}

    static ExecutorService create(String prefix, UncaughtExceptionHandler handler) {
        var count = new AtomicLong();
        var virtual = virtualThreads();
        return Executors.newCachedThreadPool(task -> {
            var thread = virtual.newThread(task);
            thread.setName(prefix + count.getAndIncrement());
            thread.setUncaughtExceptionHandler(handler);
            return thread;
        });
    }

    private static ThreadFactory virtualThreads() {
        try {
            var builder = Thread.class.getMethod("ofVirtual").invoke(null);
            var factory = Class.forName("java.lang.Thread$Builder").getMethod("factory");
            return (ThreadFactory) factory.invoke(builder);
        } catch (ReflectiveOperationException before21) {
            log.debug("Callbacks use platform threads", before21);
            return CallbackThreads::platformThread;
        }
    }

    private static Thread platformThread(Runnable task) {
        var thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }
}
