package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.callback.CallbackTransport;
import dev.tidemark.simulator.fault.SimulatorFault;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PushSenderTest {
    private final SimulatorTestBed bench = new SimulatorTestBed();

    @Test
    void retries_the_same_notification_after_30_s_doubling_and_then_drops_the_subscription_silently() {
        bench.subscribed();
        bench.noAnswer(100);
        bench.ada.deliver("lost on the way");

        bench.time.advance(Duration.ofHours(5));

        var first = bench.sent.getFirst().at();
        assertThat(bench.sent.stream().map(sent -> sent.at().minus(first).toSeconds()))
                .containsExactly(0L, 30L, 90L, 210L, 450L, 930L);
        assertThat(bench.bodies()).hasSize(6).containsOnly(bench.bodies().getFirst());
        assertThat(bench.senders.live()).isEmpty();
        assertThat(bench.ledger.acknowledged()).isEmpty();
    }

    @Test
    void holds_back_later_events_until_the_one_before_is_answered() {
        bench.subscribed();
        bench.noAnswer(1);
        bench.ada.deliver("first");
        bench.ada.deliver("second");
        assertThat(bench.sent).hasSize(1);

        bench.time.advance(Duration.ofSeconds(30));

        assertThat(bench.bodies()).hasSize(3);
        assertThat(bench.bodies().get(1)).isEqualTo(bench.bodies().get(0));
        assertThat(bench.ledger.acknowledgedItems()).hasSize(2);
    }

    @Test
    void ends_with_its_history_instead_of_skipping_unsent_events() {
        bench.subscribed();
        bench.noAnswer(1);
        bench.ada.deliver("in flight");
        bench.ada.deliver("waiting");
        bench.ada.forgetHistory();

        bench.time.advance(Duration.ofHours(2));

        assertThat(bench.bodies()).hasSize(2).containsOnly(bench.bodies().getFirst());
        assertThat(bench.senders.live()).isEmpty();
    }

    @Test
    void names_the_last_watermark_of_the_notification_before() {
        var answer = bench.subscribed();
        bench.ada.deliver("first");
        bench.ada.deliver("second");

        var granted = SimulatorRequests.text(answer, "m:Watermark");
        assertThat(SimulatorRequests.text(bench.bodies().get(0), "t:PreviousWatermark"))
                .isEqualTo(granted);
        assertThat(SimulatorRequests.text(bench.bodies().get(1), "t:PreviousWatermark"))
                .isEqualTo(SimulatorRequests.text(bench.bodies().get(0), "t:Watermark"));
    }

    @Test
    void says_that_more_events_follow_when_they_do_not_fit() {
        bench.subscribed();
        bench.noAnswer(1);
        for (var i = 0; i < 6; i++) {
            bench.ada.deliver("mail " + i);
        }
        bench.time.advance(Duration.ofSeconds(30));

        assertThat(bench.bodies().stream().map(body -> SimulatorRequests.text(body, "t:MoreEvents")))
                .containsExactly("false", "false", "true", "false");
    }

    @Test
    void sends_a_heartbeat_whenever_the_status_frequency_passes_without_a_notification() {
        bench.subscribed();
        bench.time.advance(Duration.ofMinutes(20));
        bench.ada.deliver("in between");
        bench.time.advance(Duration.ofMinutes(29));
        assertThat(bench.bodies()).hasSize(1);

        bench.time.advance(Duration.ofMinutes(31));

        assertThat(bench.bodies()).hasSize(3);
        assertThat(bench.bodies().subList(1, 3)).allMatch(body -> body.contains("<t:StatusEvent><t:Watermark>"));
        assertThat(bench.ledger.acknowledged()).hasSize(1);
    }

    @Test
    void ends_when_told_to_unsubscribe() {
        bench.subscribed();
        bench.answers.add(Optional.of(CallbackTransport.CallbackAnswer.UNSUBSCRIBE));
        bench.ada.deliver("first");
        bench.ada.deliver("second");

        assertThat(bench.sent).hasSize(1);
        assertThat(bench.senders.live()).isEmpty();
        assertThat(bench.ledger.acknowledgedItems()).isEmpty();
    }

    @Test
    void a_lost_notification_shows_as_a_broken_chain() {
        bench.subscribed();
        bench.ada.deliver("first");
        bench.faults.next(SimulatorFault.LOSE_NOTIFICATION, 1);
        bench.ada.deliver("lost");
        bench.ada.deliver("third");

        assertThat(bench.bodies()).hasSize(2);
        assertThat(SimulatorRequests.text(bench.bodies().get(1), "t:PreviousWatermark"))
                .isNotEqualTo(SimulatorRequests.text(bench.bodies().get(0), "t:Watermark"));
        assertThat(bench.ledger.delivered()).hasSize(3);
        assertThat(bench.ledger.acknowledgedItems()).hasSize(2);
    }

    @Test
    void the_first_notification_of_a_subscription_is_never_the_lost_one() {
        bench.subscribed();
        bench.faults.next(SimulatorFault.LOSE_NOTIFICATION, 1);
        bench.ada.deliver("first");
        bench.ada.deliver("lost");

        assertThat(bench.bodies()).hasSize(1);
        assertThat(bench.ledger.acknowledgedItems()).hasSize(1);
    }

    @Test
    void a_lost_reply_brings_the_same_notification_again() {
        bench.subscribed();
        bench.faults.next(SimulatorFault.LOSE_REPLY, 1);
        bench.ada.deliver("twice");
        bench.time.advance(Duration.ofSeconds(30));

        assertThat(bench.bodies()).hasSize(2).containsOnly(bench.bodies().getFirst());
        assertThat(bench.ledger.acknowledged()).hasSize(1);
    }

    @Test
    void a_new_subscription_from_a_watermark_repeats_what_came_after_it() {
        var granted = SimulatorRequests.text(bench.subscribed(), "m:Watermark");
        bench.faults.next(SimulatorFault.FORGET_SUBSCRIPTION, 1);
        var item = bench.ada.deliver("while forgotten");
        assertThat(bench.sent).isEmpty();

        var answer = bench.subscribe(granted);
        bench.time.advance(Duration.ofSeconds(1));

        assertThat(SimulatorRequests.text(answer, "m:Watermark")).isEqualTo(granted);
        assertThat(bench.bodies())
                .singleElement()
                .satisfies(
                        body -> assertThat(body).contains(item.id()).contains("<t:PreviousWatermark>" + granted + "<"));
    }

    @Test
    void an_error_call_back_names_the_subscription_and_ends_it() {
        var id = SimulatorRequests.text(bench.subscribed(), "m:SubscriptionId");
        bench.faults.next(SimulatorFault.ERROR_CALLBACK, 1);
        bench.ada.deliver("never told");
        bench.ada.deliver("nor this");

        assertThat(bench.bodies())
                .singleElement()
                .satisfies(body -> assertThat(body)
                        .contains("ResponseClass=\"Error\"")
                        .contains("ErrorReadEventsFailed")
                        .contains("<t:Value Name=\"SubscriptionId\">" + id + "<")
                        .doesNotContain("m:Notification>"));
        assertThat(bench.senders.live()).isEmpty();
    }

    @Test
    void an_early_notification_comes_before_the_answer_to_subscribe() {
        bench.faults.next(SimulatorFault.EARLY_NOTIFICATION, 1);
        bench.subscribe("");

        assertThat(bench.bodies()).singleElement().asString().contains("StatusEvent");
    }

    @Test
    void a_lost_subscribe_response_leaves_a_subscription_that_calls_back() {
        bench.faults.next(SimulatorFault.LOSE_SUBSCRIBE_RESPONSE, 1);
        assertThat(bench.subscribed()).isEqualTo("Cut[]");

        bench.ada.deliver("early");
        assertThat(bench.sent).hasSize(1);
    }
}
