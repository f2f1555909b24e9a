package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// augustd/owasp-security-logging #52 and #59: an entry stays on its line, even with foreign line breaks in its
/// text.
final class LogFormatTest {
    private final LoggerContext context = new LoggerContext();

    @BeforeEach
    void read() throws JoranException {
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Path.of("../conf/logback.xml").toFile());
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n\n", "\u0085", "\u2028", "\u001b[2J\u001b[H", "\b\b\b\b", "\u0000"})
    void a_message_is_one_line_that_steers_no_terminal(String foreign) {
        var line = line("Exchange says: busy" + foreign + "2026-01-01T00:00:00Z ERROR Store: all is lost", null);
        assertThat(line)
                .endsWith("2026-01-01T00:00:00Z ERROR Store: all is lost\n")
                .contains("WARN  RequestScheduler: Exchange says");
        assertThat(line.strip()).matches("[^\\p{Cntrl}\\u0085\\u2028\\u2029]*");
    }

    @Test
    void so_is_what_an_exception_says() {
        var line = line("It broke", new IllegalStateException("first\nsecond\r\nthird"));
        assertThat(line).endsWith("third\n");
        assertThat(line.strip()).doesNotContain("\n", "\r").contains("first | second | third");
    }

    @Test
    void kafkas_client_does_not_repeat_what_the_state_of_its_sink_says() {
        assertThat(context.getLogger("org.apache.kafka.clients.NetworkClient").isWarnEnabled())
                .isFalse();
    }

    private String line(String message, @Nullable Throwable thrown) {
        var logger = context.getLogger("dev.tidemark.subscriber.connection.RequestScheduler");
        var event = new LoggingEvent("test", logger, Level.WARN, message, thrown, null);
        var console = (ConsoleAppender<ILoggingEvent>) context.getLogger("ROOT").getAppender("console");
        return new String(console.getEncoder().encode(event), StandardCharsets.UTF_8);
    }
}
