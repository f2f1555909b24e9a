package dev.tidemark.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopRequestTest {
    private final StopRequest stop = new StopRequest();
    private final List<String> answers = new ArrayList<>();

    @Test
    void is_answered_in_order_and_once() {
        stop.onStop(() -> answers.add("one"));
        stop.onStop(() -> answers.add("two"));
        assertThat(answers).isEmpty();

        stop.request();
        stop.request();

        assertThat(answers).containsExactly("one", "two");
    }

    @Test
    void a_late_action_runs_at_once() {
        stop.request();
        stop.onStop(() -> answers.add("late"));

        assertThat(answers).containsExactly("late");
    }

    @Test
    void is_checked_where_nothing_is_under_way_yet() {
        assertThatCode(stop::check).doesNotThrowAnyException();
        assertThat(stop.isRequested()).isFalse();

        stop.request();

        assertThat(stop.isRequested()).isTrue();
        assertThatThrownBy(stop::check).isInstanceOf(StartAbortedException.class);
    }
}
