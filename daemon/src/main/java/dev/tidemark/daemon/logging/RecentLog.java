package dev.tidemark.daemon.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.CyclicBufferAppender;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Newest log entries of the process, in memory. No other class uses Logback. Thread-safe.
public final class RecentLog implements AutoCloseable {
    private static final int MAX_ENTRIES = 1000;
    private static final String PATTERN =
            "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\", UTC} %-5level %logger{0}: %msg%n%ex{20}";

    private final ch.qos.logback.classic.Logger root;
    private final CyclicBufferAppender<ILoggingEvent> buffer = new CyclicBufferAppender<>();
    private final PatternLayout layout = new PatternLayout();

    private RecentLog(LoggerContext context) {
        root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        buffer.setContext(context);
        buffer.setMaxSize(MAX_ENTRIES);
        buffer.start();
        layout.setContext(context);
        layout.setPattern(PATTERN);
        layout.start();
        root.addAppender(buffer);
    }

    /// Starts to collect the log entries of the process.
    ///
    /// @throws IllegalStateException if the process does not log with Logback
    public static RecentLog start() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            return new RecentLog(context);
        }
        throw new IllegalStateException(
                "The process does not log with Logback; put logback-classic on the class path.");
    }

    /// Returns at most 1,000 entries, oldest first, each with up to 20 lines of its stack trace.
    public List<String> entries() {
        var result = new ArrayList<String>();
        for (var index = 0; index < buffer.getLength(); index++) {
            var event = buffer.get(index);
            // the buffer may have been cleared in the meantime
            if (event != null) {
                result.add(layout.doLayout(event).stripTrailing());
            }
        }
        return result;
    }

    @Override
    public void close() {
        root.detachAppender(buffer);
        buffer.stop();
    }
}
