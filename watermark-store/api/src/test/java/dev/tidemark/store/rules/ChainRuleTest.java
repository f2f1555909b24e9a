package dev.tidemark.store.rules;

import static dev.tidemark.store.rules.ChainRule.Classification.BREAKS;
import static dev.tidemark.store.rules.ChainRule.Classification.BROKEN;
import static dev.tidemark.store.rules.ChainRule.Classification.CONTINUES;
import static dev.tidemark.store.rules.ChainRule.Classification.REPEATS;
import static dev.tidemark.store.rules.ChainRule.Classification.STARTS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.rules.ChainRule.Classification;
import dev.tidemark.values.Watermark;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChainRuleTest {
    private NotificationChain chain = NotificationChain.NEW;

    private static EventKey key(long number) {
        return new EventKey(number, -number, 0);
    }

    private static ChainLink link(String previous, String last, long... keys) {
        return new ChainLink(
                Optional.ofNullable(previous).map(Watermark::new),
                Optional.ofNullable(last).map(Watermark::new),
                Arrays.stream(keys).mapToObj(ChainRuleTest::key).toList());
    }

    private Classification classify(ChainLink link) {
        var classification =
                ChainRule.classify(chain, link, key -> chain.lastKeys().contains(key));
        chain = switch (classification) {
            case STARTS, CONTINUES -> chain.continuedBy(link, 0);
            case BREAKS, BROKEN -> chain.brokenBy(link, 0);
            case REPEATS -> link.heartbeat() ? chain.continuedBy(link, 0) : chain;
        };
        return classification;
    }

    @Test
    void the_first_notification_starts_the_chain_at_any_watermark() {
        assertThat(classify(link("anything", "w1", 1))).isEqualTo(STARTS);
    }

    @Test
    void the_next_one_carries_the_last_watermark_of_the_one_before() {
        classify(link("w0", "w1", 1));
        assertThat(classify(link("w1", "w3", 2, 3))).isEqualTo(CONTINUES);
        assertThat(classify(link("w3", "w4", 4))).isEqualTo(CONTINUES);
    }

    @Test
    void a_repetition_is_never_a_gap() {
        classify(link("w0", "w2", 1, 2));
        assertThat(classify(link("w0", "w2", 1, 2))).isEqualTo(REPEATS);
        assertThat(classify(link("w0", "w1", 1))).isEqualTo(REPEATS);
        assertThat(classify(link("w2", "w3", 3))).isEqualTo(CONTINUES);
    }

    @Test
    void one_unknown_event_out_of_place_is_a_gap() {
        classify(link("w0", "w2", 1, 2));
        assertThat(classify(link("w0", "w3", 1, 2, 3))).isEqualTo(BREAKS);
    }

    @Test
    void a_broken_chain_stays_broken() {
        classify(link("w0", "w1", 1));
        assertThat(classify(link("w2", "w3", 3))).isEqualTo(BREAKS);
        assertThat(classify(link("w3", "w4", 4))).isEqualTo(BROKEN);
        assertThat(classify(link("w3", "w4", 4))).isEqualTo(REPEATS);
        assertThat(classify(link("w1", "w2", 2))).isEqualTo(BROKEN);
        assertThat(chain.last()).contains(new Watermark("w2"));
    }

    @Test
    void a_heartbeat_is_part_of_the_chain() {
        classify(link("w0", "w1", 1));
        assertThat(classify(link("w1", "w5"))).isEqualTo(CONTINUES);
        assertThat(classify(link("w5", "w5"))).isEqualTo(CONTINUES);
        assertThat(classify(link("w5", "w6", 2))).isEqualTo(CONTINUES);
        assertThat(classify(link("w7", "w8"))).isEqualTo(BREAKS);
    }

    @Test
    void a_heartbeat_may_be_repeated_and_have_moved_meanwhile() {
        classify(link("w0", "w1"));
        assertThat(classify(link("w0", "w2"))).isEqualTo(REPEATS);
        assertThat(classify(link("w2", "w3", 1))).isEqualTo(CONTINUES);
    }

    @Test
    void a_heartbeat_from_before_the_last_events_is_a_gap() {
        classify(link("w0", "w1", 1));
        assertThat(classify(link("w0", "w2"))).isEqualTo(BREAKS);
    }

    @Test
    void what_carries_no_watermark_cannot_show_a_gap() {
        classify(link("w0", "w1", 1));
        assertThat(classify(link(null, "w2", 2))).isEqualTo(CONTINUES);
        assertThat(classify(link("w2", null, 3))).isEqualTo(CONTINUES);
        assertThat(classify(link("w2", "w4", 4))).isEqualTo(CONTINUES);
    }

    @Test
    void events_known_from_elsewhere_make_a_repetition() {
        classify(link("w0", "w1", 1));
        assertThat(ChainRule.classify(chain, link("w7", "w8", 9), key -> true)).isEqualTo(REPEATS);
        assertThat(ChainRule.classify(chain, link("w7", "w8"), key -> true)).isEqualTo(BREAKS);
    }

    @Test
    void events_replace_the_heartbeat_before_them_only_from_its_own_start() {
        classify(link("w0", "w1", 1));
        classify(link("w1", "w2")); // a heartbeat, whose response was lost
        assertThat(classify(link("w1", "w3", 2))).isEqualTo(CONTINUES);
        classify(link("w3", "w4"));
        assertThat(classify(link("w2", "w5", 3))).isEqualTo(BREAKS);
    }

    @Test
    void events_at_the_start_of_the_last_events_do_not_replace_them() {
        classify(link("w0", "w1", 1));
        assertThat(classify(link("w0", "w2", 2))).isEqualTo(BREAKS);
    }

    @Test
    void a_broken_chain_is_not_continued_by_its_last_watermark() {
        classify(link("w0", "w1", 1));
        classify(link("w2", "w3", 2));
        assertThat(ChainRule.classify(chain, link("w3", "w4", 3), key -> false)).isEqualTo(BROKEN);
    }

    /// Compares the rule with a simple model. Exchange sends notifications in order; each may be lost, or arrive
    /// several times before the next. The rule must report the first arrival after a loss as a gap, and nothing
    /// else.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void distinguishes_losses_from_repetitions_in_any_history(long seed) {
        var random = new Random(seed);
        for (var history = 0; history < 500; history++) {
            chain = NotificationChain.NEW;
            var model = new Model();
            for (var message : messages(random)) {
                if (random.nextInt(10) == 0) {
                    model.lose(message);
                    continue;
                }
                assertThat(classify(message)).isIn(model.first(message));
                for (var more = random.nextInt(3); more > 0; more--) {
                    var expected = repeated(message, model.broken);
                    assertThat(classify(message)).as("%s again", message).isIn(expected);
                }
            }
        }
    }

    /// Returns the judgements for a repeated message. A heartbeat on a broken chain shows nothing new; one with an
    /// unchanged watermark follows itself.
    private static List<Classification> repeated(ChainLink message, boolean broken) {
        if (!message.heartbeat()) {
            return List.of(REPEATS);
        }
        var still = message.previous().equals(message.last());
        return broken ? List.of(REPEATS, BROKEN) : List.of(still ? CONTINUES : REPEATS);
    }

    private static List<ChainLink> messages(Random random) {
        var messages = new ArrayList<ChainLink>();
        var mark = 0;
        var next = 1L;
        for (var count = random.nextInt(12); count > 0; count--) {
            var events = random.nextInt(4);
            // a heartbeat's watermark moves or not; the counter jumps, because the whole database shares it
            var last = mark + events + (random.nextBoolean() ? random.nextInt(1, 100) : events == 0 ? 0 : 1);
            var keys = new long[events];
            for (var i = 0; i < events; i++) {
                keys[i] = next++;
            }
            messages.add(link("w" + mark, "w" + last, keys));
            mark = last;
        }
        return messages;
    }

    private static final class Model {
        private boolean started;
        private boolean lost;
        private boolean broken;

        /// Loses a message. The loss of a heartbeat that moves nothing is harmless.
        void lose(ChainLink message) {
            lost |= started && !message.previous().equals(message.last());
        }

        List<Classification> first(ChainLink message) {
            if (!started) {
                started = true;
                return List.of(STARTS);
            }
            if (broken) {
                return message.heartbeat() ? List.of(BROKEN, REPEATS) : List.of(BROKEN);
            }
            broken = lost;
            return List.of(lost ? BREAKS : CONTINUES);
        }
    }
}
