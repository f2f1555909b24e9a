package dev.tidemark.daemon.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applies the settings of `log` to Logback. The file `logback.xml` decides where the lines go. Called during the
/// start, and by a reload.
public final class LogOutput {
    private static final String CONSOLE = "console";
    private static final String TIDEMARK = "dev.tidemark";

    private final LoggerContext context;

    LogOutput(LoggerContext context) {
        this.context = context;
    }

    /// Applies `settings` to the log of this process, unless it does not log with Logback.
    ///
    /// @param levelFixed true if the environment sets the level, which takes precedence
    public static void apply(LogConfigSection settings, boolean levelFixed) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            new LogOutput(context).configure(settings, levelFixed);
        }
    }

    void configure(LogConfigSection settings, boolean levelFixed) {
        if (!levelFixed) {
            context.getLogger(TIDEMARK).setLevel(Level.toLevel(settings.level()));
        }
        var console = context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(CONSOLE);
        if (settings.json() && console instanceof OutputStreamAppender<ILoggingEvent> lines) {
            lines.stop();
            lines.setEncoder(jsonLines());
            lines.start();
        }
    }

    private JsonEncoder jsonLines() {
        var encoder = new JsonEncoder();
        encoder.setContext(context);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithArguments(false);
        encoder.setWithMessage(false);
        encoder.setWithFormattedMessage(true);
        encoder.start();
        return encoder;
    }
}
