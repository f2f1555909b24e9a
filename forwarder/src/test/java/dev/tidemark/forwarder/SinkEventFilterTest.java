package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.routing.SinkEventFilter;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.targets.InvalidSettingException;
import dev.tidemark.store.model.EventData.Lifecycle;
import dev.tidemark.store.model.EventSource.OfMailbox;
import dev.tidemark.store.model.SinkName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SinkEventFilterTest {
    @ParameterizedTest
    @CsvSource({
        "dev.tidemark.*, true",
        "*, true",
        "dev.tidemark.mailbox.message.received, true",
        "dev.tidemark.mailbox.*, true",
        "*.received, true",
        "dev.tidemark.mailbox.*.received, true",
        "dev.tidemark.mailbox.message, false",
        "devXtidemark.*, false",
        "dev.tidemark.sink.*, false"
    })
    void a_pattern_is_held_against_the_whole_type(String pattern, boolean matches) {
        assertThat(wants(List.of(pattern))).isEqualTo(matches);
    }

    @Test
    void any_pattern_is_enough_and_none_means_everything() {
        assertThat(wants(List.of("dev.tidemark.sink.*", "*.received"))).isTrue();
        assertThat(wants(List.of())).isTrue();
    }

    @Test
    void events_of_a_group_that_forwards_elsewhere_are_not_meant_for_the_sink() {
        var other = Map.of("inboxes", Set.of(new SinkName("bus")));
        var filter = SinkEventFilter.of(SinkControllerFixture.sink(), any -> other, id -> Optional.of("inboxes"));
        assertThat(filter.matches(TestEvents.received(TestEvents.ADA, 1, 1))).isFalse();
        var paused = new Lifecycle(Optional.of(TestEvents.ADA), Map.of());
        var event = TestEvents.event(1, new OfMailbox(TestEvents.ADA.id()), 1, "mailbox.paused", paused);
        assertThat(filter.matches(event)).isFalse();
        assertThat(filter.matches(TestEvents.ofInstance(1, 1, "connection.available", Map.of())))
                .isTrue();
    }

    @Test
    void events_of_a_group_that_was_renamed_go_where_its_mailboxes_are_now() {
        var routes = Map.of("post", Set.of(SinkControllerFixture.CRM), "rest", Set.of(new SinkName("bus")));
        var event = TestEvents.received(TestEvents.ADA, 1, 1);
        assertThat(SinkEventFilter.of(SinkControllerFixture.sink(), any -> routes, id -> Optional.of("post"))
                        .matches(event))
                .isTrue();
        assertThat(SinkEventFilter.of(SinkControllerFixture.sink(), any -> routes, id -> Optional.of("rest"))
                        .matches(event))
                .isFalse();
        assertThat(SinkEventFilter.of(SinkControllerFixture.sink(), any -> routes, id -> Optional.empty())
                        .matches(event))
                .isFalse();
    }

    @Test
    void events_from_before_a_mailbox_moved_follow_the_group_it_was_in() {
        var routes = Map.of("inboxes", Set.of(SinkControllerFixture.CRM), "rest", Set.of(new SinkName("bus")));
        var filter = SinkEventFilter.of(SinkControllerFixture.sink(), any -> routes, id -> Optional.of("rest"));
        assertThat(filter.matches(TestEvents.received(TestEvents.ADA, 1, 1))).isTrue();
    }

    @Test
    void a_route_to_a_sink_that_is_not_there_is_refused() {
        var routes = Map.of("inboxes", Set.of(new SinkName("bus")));
        assertThatThrownBy(() -> new ForwarderConfig(
                        List.of(SinkControllerFixture.sink()), routes, EgressConfig.standard(), Duration.ZERO))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("inboxes")
                .hasMessageContaining("bus");
    }

    private static boolean wants(List<String> patterns) {
        var sink = new SinkConfig(
                SinkControllerFixture.CRM,
                SinkControllerFixture.sink().target(),
                DeliveryOrdering.MAILBOX,
                ThroughputConfig.DEFAULT,
                RetryConfig.DEFAULT,
                patterns);
        return SinkEventFilter.of(
                        sink, any -> Map.of("inboxes", Set.of(SinkControllerFixture.CRM)), id -> Optional.empty())
                .matches(TestEvents.received(TestEvents.ADA, 1, 1));
    }
}
