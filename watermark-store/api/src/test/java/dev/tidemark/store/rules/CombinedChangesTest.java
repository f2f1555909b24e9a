package dev.tidemark.store.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.MailboxAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Makes changes of many mailboxes that wait for the write lock at the same time.
final class CombinedChangesTest {
    private static final int LARGEST_UNIT = 128;

    private final CommittedStateTestBed testBed = new CommittedStateTestBed();
    private final CommittedStateTestBed.ScriptedWork work = testBed.work;
    private final CommittedState state = testBed.state;

    private static MailboxId id(int number) {
        return new MailboxId("mbx_"
                + "%016d"
                        .formatted(number)
                        .replace('0', 'a')
                        .replace('1', 'b')
                        .replace('8', 'c')
                        .replace('9', 'd'));
    }

    private void enrol(int count) {
        testBed.enrol(IntStream.range(0, count)
                .mapToObj(number -> new MailboxRecord(
                        id(number),
                        new MailboxAddress("mailbox" + number + "@example.com"),
                        new GroupMembership("inboxes", false)))
                .toList());
    }

    /// Counts an attempt of the mailbox, and returns its number.
    private long attempt(int number) {
        return attempt(number, record -> record.attempts);
    }

    private <T> T attempt(int number, Function<MailboxRecord, T> last) {
        return state.changeTogether(id(number), changeSet -> {
            var record = changeSet.edit(changeSet.find(id(number)).orElseThrow());
            record.attempts++;
            changeSet.save(record);
            return last.apply(record);
        });
    }

    private long attempts(int number) {
        return state.find(id(number)).orElseThrow().attempts;
    }

    private List<FutureTask<Long>> attemptAll(int count) {
        return testBed.together(IntStream.range(0, count)
                .<Callable<Long>>mapToObj(number -> () -> attempt(number))
                .toList());
    }

    private static String failureOf(FutureTask<?> task) throws InterruptedException {
        try {
            return "no failure but " + task.get();
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause().getMessage());
        }
    }

    @Test
    void waiting_changes_are_few_commits_and_each_has_its_result() throws Exception {
        var count = 2 * LARGEST_UNIT + 1;
        enrol(count);
        attempt(7);
        for (var task : attemptAll(count)) {
            task.get();
        }
        assertThat(work.units).containsExactly(1, LARGEST_UNIT, LARGEST_UNIT, 1);
        assertThat(attempts(7)).isEqualTo(2);
        assertThat(IntStream.range(0, count).filter(number -> number != 7)).allMatch(number -> attempts(number) == 1);
    }

    @Test
    void each_change_of_one_mailbox_sees_the_one_before() throws Exception {
        enrol(2);
        var tasks = testBed.together(List.<Callable<Long>>of(() -> attempt(0), () -> attempt(1), () -> attempt(0)));
        assertThat(List.of(tasks.get(0).get(), tasks.get(1).get(), tasks.get(2).get()))
                .containsExactly(1L, 1L, 2L);
        assertThat(work.units).containsExactly(2, 1);
    }

    /// Returns each failure with the number of the mailbox whose rule throws it.
    static Stream<Arguments> failures() {
        return IntStream.range(0, 3)
                .boxed()
                .flatMap(failing -> Stream.of(new IllegalArgumentException("a rule"), new StackOverflowError("a rule"))
                        .map(cause -> Arguments.of(cause, failing)));
    }

    @ParameterizedTest(name = "{0} in the rule of mailbox {1}")
    @MethodSource("failures")
    void a_rule_that_fails_ends_its_own_change_only(Throwable cause, int failing) throws Exception {
        enrol(3);
        var tasks = testBed.together(IntStream.range(0, 3)
                .<Callable<Long>>mapToObj(number ->
                        () -> attempt(number, record -> number == failing ? fail(cause) : (Long) record.attempts))
                .toList());
        assertThat(failureOf(tasks.get(failing))).isEqualTo("a rule");
        for (var number = 0; number < 3; number++) {
            if (number != failing) {
                assertThat(tasks.get(number).get()).isOne();
            }
            assertThat(attempts(number)).isEqualTo(number == failing ? 0 : 1);
        }
        assertThat(work.units).containsExactly(1, 1);
    }

    private static Long fail(Throwable cause) {
        switch (cause) {
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            default -> throw new AssertionError(cause);
        }
    }

    @Test
    void a_commit_that_fails_fails_all_of_its_changes_and_counts_if_it_is_stored() throws Exception {
        enrol(3);
        work.failure = Optional.of(new StoreException("The connection is gone."));
        var tasks = attemptAll(3);
        for (var task : tasks) {
            assertThat(failureOf(task)).isEqualTo("The connection is gone.");
        }
        assertThat(IntStream.range(0, 3).mapToLong(this::attempts)).containsOnly(0L);
        work.failure = Optional.empty();
        work.isStored = true;
        assertThat(attempt(0)).isEqualTo(2);
        assertThat(IntStream.range(0, 3).mapToLong(this::attempts)).containsExactly(2L, 1L, 1L);
        assertThat(work.units).as("no failed change is made again").containsExactly(3, 1);
    }

    @Test
    void changes_that_change_nothing_are_no_commit() throws Exception {
        enrol(2);
        var tasks = testBed.together(IntStream.range(0, 2)
                .<Callable<Boolean>>mapToObj(number -> () -> state.changeTogether(
                        id(number), changeSet -> changeSet.find(id(number)).isPresent()))
                .toList());
        assertThat(tasks.get(0).get()).isTrue();
        assertThat(tasks.get(1).get()).isTrue();
        assertThat(work.units).isEmpty();
    }
}
