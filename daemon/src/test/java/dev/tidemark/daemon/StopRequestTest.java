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
        stop.then(() -> answers.add("one"));
        stop.then(() -> answers.add("two"));
        assertThat(answers).isEmpty();

        stop.make();
        stop.make();

        assertThat(answers).containsExactly("one", "two");
    }

    @Test
    void whoever_comes_later_answers_at_once() {
        stop.make();
        stop.then(() -> answers.add("late"));

        assertThat(answers).containsExactly("late");
    }

    @Test
    void is_checked_where_nothing_is_under_way_yet() {
        assertThatCode(stop::check).doesNotThrowAnyException();
        assertThat(stop.made()).isFalse();

        stop.make();

        assertThat(stop.made()).isTrue();
        assertThatThrownBy(stop::check).isInstanceOf(StartAbortedException.class);
    }
}
