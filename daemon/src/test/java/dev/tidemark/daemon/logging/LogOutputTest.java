package dev.tidemark.daemon.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LogOutputTest {
    private final LoggerContext context = new LoggerContext();
    private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();

    @BeforeEach
    void read() throws JoranException {
        context.setMDCAdapter(mdc);
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Path.of("../conf/logback.xml").toFile());
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private void configure(boolean json, String level) {
        new LogOutput(context).configure(new LogConfigSection(json, level), false);
    }

    private String line() {
        var logger = context.getLogger("dev.tidemark.forwarder.EventSender");
        var event = new LoggingEvent(
                "test",
                logger,
                Level.WARN,
                "Failed: {}\nof two lines",
                new IllegalStateException("broken"),
                new Object[] {"a \"name\""});
        var console = (ConsoleAppender<ILoggingEvent>) context.getLogger("ROOT").getAppender("console");
        return new String(console.getEncoder().encode(event), StandardCharsets.UTF_8);
    }

    @Test
    void a_json_entry_is_one_line_with_level_logger_message_and_exception() {
        configure(true, "info");

        assertThat(line().strip()).doesNotContain("\n");
        assertThat(YamlJsonCodec.fromJson(line()))
                .containsEntry("level", "WARN")
                .containsEntry("loggerName", "dev.tidemark.forwarder.EventSender")
                .containsEntry("formattedMessage", "Failed: a \"name\"\nof two lines")
                .containsKeys("timestamp", "threadName")
                .doesNotContainKeys("nanoseconds", "sequenceNumber", "arguments", "context");
        assertThat((Map<?, ?>) YamlJsonCodec.fromJson(line()).get("throwable"))
                .extracting("message")
                .isEqualTo("broken");
    }

    @Test
    void a_json_entry_names_the_event_that_it_is_about() {
        configure(true, "info");
        mdc.put("event", "evt_1");

        assertThat(YamlJsonCodec.fromJson(line()).get("mdc")).isEqualTo(Map.of("event", "evt_1"));
    }

    @Test
    void text_remains_as_the_file_formats_it() {
        configure(false, "info");

        assertThat(line()).contains(" WARN  EventSender: Failed: a \"name\" of two lines");
    }

    @Test
    void the_level_applies_to_tidemark_and_not_to_libraries() {
        configure(false, "debug");

        assertThat(context.getLogger("dev.tidemark.listener.X").isDebugEnabled())
                .isTrue();
        assertThat(context.getLogger("org.eclipse.jetty.X").isInfoEnabled()).isFalse();
    }

    @Test
    void a_level_of_the_environment_takes_precedence() {
        context.getLogger("dev.tidemark").setLevel(Level.ERROR);
        new LogOutput(context).configure(new LogConfigSection(false, "debug"), true);

        assertThat(context.getLogger("dev.tidemark.listener.X").isWarnEnabled()).isFalse();
    }
}
