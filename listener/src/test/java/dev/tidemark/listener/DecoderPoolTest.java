package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.tracing.EventTracer;
import dev.tidemark.values.NotificationMessage.Failure;
import dev.tidemark.values.ResponseCode;
import dev.tidemark.values.SendNotification;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs with one worker, which is the committer itself, and with several.
class DecoderPoolTest {
    private static final List<MailboxId> MAILBOXES = IntStream.range(0, 5)
            .mapToObj(i -> new MailboxId("mbx_" + "abcde".charAt(i) + "aaaaaaaaaaaaaaa"))
            .toList();
    private static final Instant NOW = Instant.parse("2026-11-01T09:15:02Z");

    private final ListenerStats stats = new ListenerStats();
    private final RecordingIntake intake = new RecordingIntake();
    private final InFlightLimiter limiter =
            new InFlightLimiter(new InFlightLimiter.Limits(100_000, 1_000_000, 1_000_000));
    private final List<DecodedCallback> committed = new CopyOnWriteArrayList<>();
    private final AtomicInteger refused = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void callbacks_of_a_mailbox_are_committed_in_the_order_in_which_they_came(int workers) {
        var decoders = decoders(workers);
        IntStream.rangeClosed(1, 500)
                .forEach(number -> MAILBOXES.forEach(mailbox -> decoders.submit(arrival(mailbox, number, "fine"))));
        decoders.close();
        assertThat(committed).hasSize(2_500);
        for (var mailbox : MAILBOXES) {
            assertThat(committed.stream()
                            .map(each -> each.callback().attempt())
                            .filter(attempt -> attempt.mailbox().equals(mailbox))
                            .map(AttemptId::number))
                    .isSorted();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void one_that_cannot_be_decoded_is_answered_and_holds_up_no_other(int workers) {
        var decoders = decoders(workers);
        decoders.submit(arrival(MAILBOXES.getFirst(), 1, "fine"));
        decoders.submit(arrival(MAILBOXES.getFirst(), 2, "malformed"));
        decoders.submit(arrival(MAILBOXES.getFirst(), 3, "fatal"));
        decoders.submit(arrival(MAILBOXES.getFirst(), 4, "fine"));
        decoders.close();
        assertThat(committed)
                .extracting(each -> each.callback().attempt().number())
                .containsExactly(1L, 4L);
        assertThat(refused).hasValue(2);
        assertThat(intake.refused).containsExactly(new AttemptId(MAILBOXES.getFirst(), 2));
        assertThat(stats.faults.sum()).isEqualTo(1);
    }

    private DecoderPool decoders(int workers) {
        return DecoderPool.of(
                        workers,
                        new CallbackDecoder(
                                DecoderPoolTest::decode,
                                intake,
                                mailbox -> {},
                                (mailbox, parts) -> {},
                                stats,
                                EventTracer.OFF),
                        committed::addAll,
                        stats)
                .start();
    }

    private RawCallback arrival(MailboxId mailbox, long number, String body) {
        var pending = new PendingResponse(
                (response, sent) -> {
                    refused.incrementAndGet();
                    sent.run();
                },
                limiter.tryAcquire(mailbox).orElseThrow(),
                0);
        return new RawCallback(
                new AttemptId(mailbox, number), body.getBytes(StandardCharsets.UTF_8), NOW, "192.0.2.1", pending);
    }

    private static SendNotification decode(byte[] body) throws MalformedMessageException {
        return switch (new String(body, StandardCharsets.UTF_8)) {
            case "malformed" -> throw new MalformedMessageException("not well-formed");
            case "fatal" -> throw new IllegalStateException("broken");
            default -> new SendNotification(List.of(new Failure(Optional.empty(), new ResponseCode("ErrorX"), "")));
        };
    }
}
