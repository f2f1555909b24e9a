package dev.tidemark.store.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Checks that a rule logs a stored change exactly once, even if it runs in several units.
final class RuleLogTest {
    private static final MailboxId ADA = new MailboxId("mbx_7q2m4k7vabcd2345");
    private static final MailboxId BOB = new MailboxId("mbx_7q2m4k7vabcd2346");
    private static final String ADA_IS_IMPAIRED = "Mailbox ada@example.com is impaired: skipped";
    private static final String BOB_IS_IMPAIRED = "Mailbox bob@example.com is impaired: skipped";

    private final CommittedStateTestBed testBed = new CommittedStateTestBed();
    private final CommittedStateTestBed.ScriptedWork work = testBed.work;
    private final CommittedState state = testBed.state;
    private final SubscriptionRules rules = new SubscriptionRules(
            state,
            new DuplicateWindowFinder(new BackwardJournalReader(new CommittedStateTest.NoJournal()), testBed.known),
            Duration.ofMinutes(15),
            Clock.systemUTC());
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(MailboxLifecycle.class);

    @BeforeEach
    void enrol() {
        logged.start();
        log.addAppender(logged);
        log.setAdditive(false);
        testBed.enrol(List.of(mailbox(ADA, "ada"), mailbox(BOB, "bob")));
    }

    private static MailboxRecord mailbox(MailboxId id, String name) {
        return new MailboxRecord(id, new MailboxAddress(name + "@example.com"), new GroupMembership("inboxes", false));
    }

    @AfterEach
    void detachAppender() {
        log.detachAppender(logged);
        log.setAdditive(true);
    }

    private void impair(MailboxId mailbox) {
        rules.recordImpairment(mailbox, "events-skipped", "skipped");
    }

    private List<String> lines() {
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /// Runs both tasks in one unit: the threads wait for the write lock, in this order.
    private void together(Callable<MailboxId> first, Callable<MailboxId> second) throws InterruptedException {
        for (var task : testBed.together(List.of(first, second))) {
            try {
                task.get();
            } catch (ExecutionException expected) {
                assertThat(expected).hasRootCauseMessage("a rule");
            }
        }
    }

    @Test
    void a_rule_that_runs_again_because_another_failed_logs_once() throws InterruptedException {
        together(
                () -> {
                    impair(ADA);
                    return ADA;
                },
                () -> state.changeTogether(BOB, changeSet -> {
                    throw new IllegalArgumentException("a rule");
                }));
        assertThat(lines()).containsExactly(ADA_IS_IMPAIRED);
    }

    @Test
    void rules_of_one_unit_log_in_their_order() throws InterruptedException {
        together(
                () -> {
                    impair(BOB);
                    return BOB;
                },
                () -> {
                    impair(ADA);
                    return ADA;
                });
        assertThat(lines()).containsExactly(BOB_IS_IMPAIRED, ADA_IS_IMPAIRED);
    }

    @Test
    void a_change_that_is_not_stored_is_not_logged() {
        work.failure = Optional.of(new StoreException("The disk is full."));
        assertThatThrownBy(() -> impair(ADA)).hasMessage("The disk is full.");
        work.failure = Optional.empty();
        impair(BOB);
        assertThat(lines()).containsExactly(BOB_IS_IMPAIRED);
    }

    @Test
    void a_change_without_an_answer_is_logged_once_the_engine_finds_it_stored() {
        work.failure = Optional.of(new StoreException("The connection is gone."));
        assertThatThrownBy(() -> impair(ADA)).hasMessage("The connection is gone.");
        assertThat(lines()).isEmpty();
        work.failure = Optional.empty();
        work.isStored = true;
        impair(BOB);
        assertThat(lines()).containsExactly(ADA_IS_IMPAIRED, BOB_IS_IMPAIRED);
    }
}
