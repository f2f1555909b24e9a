package dev.tidemark.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.testsupport.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamGapFillerTest {
    private static final MailboxId ADA = new MailboxId("mbx_aaaaaaaaaaaaaaaa");
    private static final MailboxId BOB = new MailboxId("mbx_bbbbbbbbbbbbbbbb");
    private static final MailboxId EVE = new MailboxId("mbx_eeeeeeeeeeeeeeee");

    private final SettableClock clock = new SettableClock(SubscriberTestBed.START);
    private final List<MailboxId> polls = new ArrayList<>();
    private final List<Instant> rests = new ArrayList<>();
    private final Set<MailboxId> busy = new HashSet<>();
    private final Set<MailboxId> broken = new HashSet<>();
    private final StreamGapFiller gaps =
            new StreamGapFiller(() -> List.of(ADA, BOB, EVE), this::poll, new StreamStats(), clock);

    private PollResult poll(MailboxId mailbox) {
        polls.add(mailbox);
        if (broken.contains(mailbox)) {
            throw new IllegalStateException("broken");
        }
        var until = clock.instant().plusSeconds(60);
        return new PollResult(
                RecoveredPage.RecoveryCounts.NONE,
                1,
                busy.remove(mailbox)
                        ? Optional.of(new SubscriptionOutcome.RetryAt(until, "busy", "busy"))
                        : Optional.empty());
    }

    private void rest(Instant until) {
        rests.add(until);
        clock.advance(Duration.between(clock.instant(), until));
    }

    @Test
    void one_that_has_to_wait_comes_last_and_is_waited_for() {
        busy.add(ADA);
        gaps.fill(() -> true, this::rest);
        assertThat(polls).containsExactly(ADA, BOB, EVE, ADA);
        assertThat(rests).containsExactly(SubscriberTestBed.START.plusSeconds(60));
    }

    @Test
    void a_failed_poll_does_not_prevent_polls_of_others() {
        broken.add(ADA);
        gaps.fill(() -> true, this::rest);
        assertThat(polls).containsExactly(ADA, BOB, EVE);
    }

    @Test
    void mailboxes_that_a_short_stream_left_out_come_first_with_the_next() {
        clock.advance(Duration.ofSeconds(1));
        gaps.fill(() -> polls.size() < 2, this::rest);
        clock.advance(Duration.ofSeconds(1));
        gaps.fill(() -> polls.size() < 3, this::rest);
        assertThat(polls).containsExactly(ADA, BOB, EVE);
    }
}
