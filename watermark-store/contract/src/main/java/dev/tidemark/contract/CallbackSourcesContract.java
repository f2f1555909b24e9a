package dev.tidemark.contract;

import static dev.tidemark.contract.ExchangeNotifications.body;
import static dev.tidemark.contract.ExchangeNotifications.mark;
import static dev.tidemark.contract.ExchangeNotifications.notification;
import static dev.tidemark.contract.ExchangeNotifications.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.CallbackSource;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Promises of [dev.tidemark.store.CallbackSources].
public abstract class CallbackSourcesContract extends PortContract {
    private static final String HERE = "192.0.2.1";
    private static final String THERE = "192.0.2.2";

    private final Map<AttemptId, String> names = new HashMap<>();
    private final Map<AttemptId, Integer> marks = new HashMap<>();

    @Test
    void two_servers_behind_one_address_are_distinguished_by_the_names_in_their_subscriptions() {
        var ada = subscribed("ada", "ex01.example.com");
        var bob = subscribed("bob", "EX02.example.com");
        call(ada, HERE);
        call(bob, HERE);

        assertThat(store.callbackSources().all())
                .extracting(CallbackSource::name)
                .containsExactlyInAnyOrder(
                        new CallbackSource.SourceKey(HERE, "ex01.example.com"),
                        new CallbackSource.SourceKey(HERE, "ex02.example.com"));
        assertThat(store.callbackSources().mailboxes(new CallbackSource.SourceKey(HERE, "ex02.example.com")))
                .extracting(Mailbox::id)
                .containsExactly(bob.mailbox());
    }

    @Test
    void statistics_count_new_events_by_their_origin_and_time_every_commit() {
        var before = store.statistics();
        receive(3);
        var after = store.statistics();

        assertThat(after.journaled().get("push")).isEqualTo(3);
        assertThat(after.journaled()).containsKeys("resync", "snapshot", "poll", "stream", "lifecycle");
        assertThat(after.syncs().count()).isGreaterThan(before.syncs().count());
        assertThat(after.syncs().seconds()).isPositive();
    }

    @Test
    void statistics_count_the_callbacks_of_each_server_whatever_its_address() {
        call(subscribed("ada", "ex01.example.com"), HERE);
        call(subscribed("bob", "EX01.example.com"), THERE);
        call(subscribed("cleo", "ex02.example.com"), HERE);

        assertThat(store.statistics().callbacksByServer())
                .containsEntry("ex01.example.com", 2L)
                .containsEntry("ex02.example.com", 1L);
    }

    @Test
    void a_server_that_calls_from_two_addresses_is_one() {
        var ada = subscribed("ada", "ex01.example.com");
        var bob = subscribed("bob", "ex01.example.com");
        call(ada, HERE);
        call(bob, THERE);
        call(ada, THERE);
        call(bob, HERE);

        var name = new CallbackSource.SourceKey("", "ex01.example.com");
        assertThat(store.callbackSources().all())
                .extracting(CallbackSource::name)
                .containsExactly(name);
        assertThat(store.callbackSources().mailboxes(name)).hasSize(2);
    }

    @Test
    void the_pace_is_that_of_turns_between_mailboxes_after_their_first_call() {
        var ada = subscribed("ada", "ex01.example.com");
        var bob = subscribed("bob", "ex01.example.com");
        for (var i = 0; i < 40; i++) {
            call(i % 2 == 0 ? ada : bob, HERE);
            clock.advance(Duration.ofSeconds(10));
        }
        var caller = store.callbackSources().all().getFirst();
        assertThat(caller.turns()).isEqualTo(37);
        assertThat(caller.pace()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(11));
        assertThat(caller.lastHeardAt()).isEqualTo(clock.instant().minusSeconds(10));

        for (var i = 0; i < 40; i++) {
            call(ada, HERE);
            clock.advance(Duration.ofMillis(1100));
        }
        assertThat(store.callbackSources().all().getFirst().turns()).isLessThanOrEqualTo(38);
    }

    @Test
    void a_new_subscription_has_no_caller_until_it_calls() {
        var ada = subscribed("ada", "ex01.example.com");
        call(ada, HERE);
        subscribed("ada", "ex02.example.com");
        assertThat(store.callbackSources().mailboxes(new CallbackSource.SourceKey(HERE, "ex01.example.com")))
                .isEmpty();
    }

    @Test
    void an_id_that_names_no_server_leaves_the_address() {
        var ada = subscribed("ada", "");
        call(ada, HERE);
        assertThat(store.callbackSources().all())
                .extracting(CallbackSource::name)
                .containsExactly(new CallbackSource.SourceKey(HERE, ""));
        assertThat(new CallbackSource.SourceKey(HERE, "")).hasToString(HERE);
    }

    private AttemptId subscribed(String name, String host) {
        var mailbox = store.mailboxes()
                .enrol(new MailboxAddress(name + "@example.com"), new GroupMembership("inboxes", false));
        var attempt = store.subscriptions().begin(mailbox.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        var id = id(name + attempt.number(), host);
        names.put(attempt, id);
        store.subscriptions()
                .confirm(
                        attempt,
                        new SubscribeResult(new SubscriptionId(id), Optional.of(mark("w0"))),
                        Optional.empty());
        return attempt;
    }

    private static String id(String name, String host) {
        var text = host.isEmpty() ? "~" : host;
        var bytes = ByteBuffer.allocate(2 + text.length() + name.length()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort((short) text.length())
                .put(text.getBytes(StandardCharsets.US_ASCII))
                .put(name.getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private void call(AttemptId attempt, String from) {
        var number = marks.merge(attempt, 1, Integer::sum);
        var message = notification(names.getOrDefault(attempt, ""), "w" + (number - 1), status("w" + number));
        store.intake().record(List.of(new VerifiedCallback(attempt, body(message), clock.instant(), from)));
    }
}
