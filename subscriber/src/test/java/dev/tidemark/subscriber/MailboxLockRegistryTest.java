package dev.tidemark.subscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.store.model.MailboxId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class MailboxLockRegistryTest {
    private static final MailboxId ADA = new MailboxId("mbx_7q2m4k5vabcd2345");

    private final MailboxLockRegistry oneAtATime = new MailboxLockRegistry();
    private final CountDownLatch never = new CountDownLatch(1);

    @Test
    void who_waits_with_a_mailbox_in_hand_is_called_back_for_the_next() throws InterruptedException {
        var waiting = new CountDownLatch(1);
        var calledBack = new AtomicBoolean();
        var first = Thread.ofVirtual().start(() -> {
            assertThat(oneAtATime.tryLock(ADA)).isTrue();
            oneAtATime.beginWait(ADA);
            waiting.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                calledBack.set(true);
            } finally {
                oneAtATime.endWait(ADA);
                oneAtATime.unlock(ADA);
            }
        });
        waiting.await();

        oneAtATime.lock(ADA);

        first.join();
        assertThat(calledBack).isTrue();
        assertThat(oneAtATime.tryLock(ADA)).isFalse();
    }

    @Test
    void who_works_is_left_alone_but_may_ask() throws InterruptedException {
        var interrupted = new AtomicBoolean();
        var locked = new CountDownLatch(1);
        var first = Thread.ofVirtual().start(() -> {
            oneAtATime.tryLock(ADA);
            oneAtATime.beginWait(ADA);
            oneAtATime.endWait(ADA);
            locked.countDown();
            await().until(() -> oneAtATime.isContended(ADA));
            interrupted.set(Thread.currentThread().isInterrupted());
            oneAtATime.unlock(ADA);
        });
        locked.await();

        oneAtATime.lock(ADA);

        first.join();
        assertThat(interrupted).isFalse();
    }

    @Test
    void who_begins_to_wait_while_another_does_is_called_back_at_once() throws InterruptedException {
        var interrupted = new AtomicBoolean();
        var locked = new CountDownLatch(1);
        var first = Thread.ofVirtual().start(() -> {
            oneAtATime.tryLock(ADA);
            locked.countDown();
            await().until(() -> oneAtATime.isContended(ADA));
            oneAtATime.beginWait(ADA);
            interrupted.set(Thread.currentThread().isInterrupted());
            oneAtATime.endWait(ADA);
            oneAtATime.unlock(ADA);
        });
        locked.await();

        oneAtATime.lock(ADA);

        first.join();
        assertThat(interrupted).isTrue();
    }
}
