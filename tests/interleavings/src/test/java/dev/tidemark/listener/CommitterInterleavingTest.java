package dev.tidemark.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.interleaving.ThreadSchedules;
import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.values.MailboxEvent.StatusEvent;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.SendNotification;
import dev.tidemark.values.SubscriptionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/// Runs the committer's queue, the committer and the limiter under many schedules of their threads.
final class CommitterInterleavingTest {
    private static final MailboxId MAILBOX = new MailboxId("mbx_aaaaaaaaaaaaaaaa");
    private static final SendNotification BODY = new SendNotification(List.of(new Notification(
            new SubscriptionId("s1"), Optional.empty(), false, List.of(new StatusEvent(Optional.empty())))));

    @Test
    void each_callback_is_answered_once_and_frees_its_place() {
        ThreadSchedules.explore(() -> {
            var limiter = new InFlightLimiter(new InFlightLimiter.Limits(3, 100, 100));
            var answers = new TreeMap<Integer, AtomicInteger>();
            for (var number : List.of(1, 2, 11, 12)) {
                answers.put(number, new AtomicInteger());
            }
            var committer = new GroupCommitter(
                    new FailingOnce(),
                    new ListenerStats(),
                    batch -> batch.forEach(each -> each.decoded().pending().respond(CallbackResponse.text(200, ""))));
            var worker = new BatchWorker<DecodedCallback>("commit", 2, committer::commit, new LongAdder()).start();
            ThreadSchedules.together(
                    () -> send(worker, limiter, answers, 1, 2), () -> send(worker, limiter, answers, 11, 12));
            worker.close();
            assertThat(limiter.inFlight()).isZero();
            assertThat(answers.values())
                    .allSatisfy(count -> assertThat(count.get()).isOne());
        });
    }

    private static void send(
            BatchWorker<DecodedCallback> worker,
            InFlightLimiter limiter,
            Map<Integer, AtomicInteger> answers,
            Integer... numbers) {
        for (var number : numbers) {
            var count = answers.get(number);
            var permit = limiter.tryAcquire(MAILBOX);
            if (permit.isEmpty()) {
                count.incrementAndGet(); // refused at once
                continue;
            }
            assertThat(permit.get().tryReserveBytes(10)).isTrue();
            var pending = new PendingResponse(
                    (response, sent) -> {
                        count.incrementAndGet();
                        sent.run();
                    },
                    permit.get(),
                    0);
            var attempt = new AttemptId(MAILBOX, number);
            worker.add(new DecodedCallback(new VerifiedCallback(attempt, BODY, Instant.EPOCH, ""), pending));
        }
    }

    @Test
    void items_are_handled_once_in_the_order_of_their_producer() {
        ThreadSchedules.explore(() -> {
            var handled = new ArrayList<Integer>();
            var worker = new BatchWorker<Integer>("test", 2, handled::addAll, new LongAdder()).start();
            ThreadSchedules.together(
                    () -> {
                        worker.add(1);
                        worker.add(2);
                        worker.add(3);
                    },
                    () -> worker.addAll(List.of(11, 12)));
            worker.close();
            assertThat(handled).hasSize(5).containsSubsequence(1, 2, 3).containsSubsequence(11, 12);
        });
    }

    /// Intake of a store whose disk fails the first batch.
    private static final class FailingOnce implements CallbackIntake {
        private final AtomicInteger batches = new AtomicInteger();

        @Override
        public List<IntakeOutcome> record(List<VerifiedCallback> batch) {
            if (batches.getAndIncrement() == 0) {
                throw new StoreException("The disk is full; make room.");
            }
            return batch.stream()
                    .<IntakeOutcome>map(ignored -> new IntakeOutcome.Stored(1, 0))
                    .toList();
        }

        @Override
        public boolean recordRefusal(AttemptId attempt, String sentence) {
            return false;
        }

        @Override
        public boolean accepting() {
            return true;
        }
    }
}
