package dev.tidemark.listener;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class LiveSettingsTest {
    private static final String BODY = CallbackBodies.newMail("w0", "w1", "item1");

    @Test
    void an_invalid_range_changes_nothing() {
        try (var running = new RunningListener()) {
            assertThatThrownBy(() -> running.listener.prepare(changed(settings -> {
                        settings.allowFrom = List.of("nonsense");
                        return settings;
                    })))
                    .isInstanceOf(ListenerException.class);
            assertThat(running.post(BODY).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void other_addresses_are_admitted_at_once() {
        try (var running = new RunningListener()) {
            var change = running.listener.prepare(changed(settings -> {
                settings.allowFrom = List.of("192.0.2.0/24");
                return settings;
            }));
            assertThat(running.post(BODY).statusCode()).isEqualTo(200);
            change.run();
            assertThat(running.post(BODY).statusCode()).isEqualTo(403);
        }
    }

    @Test
    void other_limits_hold_for_the_next_callback() {
        try (var running = new RunningListener()) {
            running.listener
                    .prepare(changed(settings -> {
                        settings.maxBody = 10;
                        return settings;
                    }))
                    .run();
            assertThat(running.post(BODY).statusCode()).isEqualTo(413);
        }
    }

    @Test
    void tokens_of_a_previous_key_stay_valid() {
        var key = "another0another0another0another0".getBytes(UTF_8);
        var codec = new CallbackTokenCodec("0123456789abcdef0123456789abcdef".getBytes(UTF_8), List.of());
        var before = codec.mint(RunningListener.ATTEMPT);
        codec.useKeysOf(new CallbackTokenCodec(key, List.of("0123456789abcdef0123456789abcdef".getBytes(UTF_8))));
        assertThat(codec.mint(RunningListener.ATTEMPT)).isNotEqualTo(before);
        assertThat(codec.verify(before)).contains(RunningListener.ATTEMPT);
        codec.useKeysOf(new CallbackTokenCodec(key, List.of()));
        assertThat(codec.verify(before)).isEmpty();
    }

    @Test
    void address_and_path_stay_with_live_settings() {
        var running = new RunningListener.Settings().onPort(8780);
        var next = new ListenerConfig(
                "0.0.0.0",
                1,
                "/other",
                List.of("192.0.2.1"),
                List.of(),
                "/health",
                7,
                9,
                8,
                running.drain(),
                running.idleTimeout(),
                Optional.of(new ListenerConfig.Tls(java.nio.file.Path.of("a"), java.nio.file.Path.of("b"))),
                new ListenerConfig.MaxConnections(6, 5));
        assertThat(running.withLiveSettings(next))
                .isEqualTo(new ListenerConfig(
                        "127.0.0.1",
                        8780,
                        "",
                        List.of("192.0.2.1"),
                        List.of(),
                        "/healthz",
                        7,
                        2,
                        8,
                        running.drain(),
                        running.idleTimeout(),
                        Optional.empty(),
                        new ListenerConfig.MaxConnections(6, 5)));
    }

    private static ListenerConfig changed(UnaryOperator<RunningListener.Settings> change) {
        return change.apply(new RunningListener.Settings()).config();
    }
}
