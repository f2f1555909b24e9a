package dev.tidemark.reactions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.simulator.LoggedRequest;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.ResponseCode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Checks every response of Exchange over HTTP, and the next request: its operation, its mailbox and its time.
/// All cases run at the same time on different mailboxes.
class ReactionsOverTheWireTest {
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofHours(7);
    private static final List<ResponseCase> CASES = ResponseCases.all();

    /// Outcome of one case.
    record Seen(
            ResponseCase happened,
            List<LoggedRequest> victim,
            List<LoggedRequest> bystander,
            boolean failed,
            long narrowings) {
        @Override
        public String toString() {
            return happened.name();
        }
    }

    @TempDir
    private static Path folder;

    private static Instant struckAt = Instant.MIN;
    private static final List<Seen> SEEN = new ArrayList<>();

    @BeforeAll
    static void let_it_all_happen() {
        try (var organisation = new ConnectionPairTestBed(folder, CASES)) {
            organisation.advance(MOMENT);
            assertThat(numbers(number -> true))
                    .allMatch(number -> organisation.isSubscribed(ConnectionPairTestBed.victim(number)));
            // so that Exchange can refuse a sync state
            numbers(number -> CASES.get(number).duringResync())
                    .forEach(number -> organisation.request(ConnectionPairTestBed.victim(number), true));
            organisation.advance(MOMENT);
            injectFault(organisation);
            organisation.advance(MOMENT.dividedBy(2));
            numbers(number -> true)
                    .forEach(number -> organisation.request(ConnectionPairTestBed.bystander(number), false));
            organisation.advance(LONG);
            var failed = new HashSet<>(organisation.failed());
            numbers(number -> true).forEach(number -> SEEN.add(seen(organisation, number, failed)));
        }
    }

    private static void injectFault(ConnectionPairTestBed organisation) {
        struckAt = organisation.now();
        numbers(number -> true)
                .forEach(number ->
                        organisation.injectFault(number, CASES.get(number).how()));
        var callbacks = numbers(number -> CASES.get(number).isCallback());
        organisation.awaitCallbacks(callbacks.size());
        numbers(number -> !CASES.get(number).isCallback())
                .forEach(number -> organisation.request(
                        ConnectionPairTestBed.victim(number), CASES.get(number).duringResync()));
    }

    private static Seen seen(ConnectionPairTestBed organisation, int number, Set<MailboxAddress> failed) {
        var victim = ConnectionPairTestBed.victim(number);
        return new Seen(
                CASES.get(number),
                since(struckAt, organisation.requests(victim)),
                since(struckAt, organisation.requests(ConnectionPairTestBed.bystander(number))),
                failed.contains(victim),
                organisation.narrowings(number));
    }

    private static List<LoggedRequest> since(Instant moment, List<LoggedRequest> requests) {
        return requests.stream()
                .filter(request -> !request.at().isBefore(moment))
                .toList();
    }

    private static List<Integer> numbers(IntPredicate wanted) {
        return IntStream.range(0, CASES.size()).filter(wanted).boxed().toList();
    }

    static List<Seen> seen() {
        return SEEN;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("seen")
    void the_next_request_is_the_right_one_at_the_right_time(Seen seen) {
        var expected = seen.happened().next();
        var following = following(seen);
        if (expected.request().isEmpty()) {
            assertThat(following).isEmpty();
            return;
        }
        assertThat(following).isNotEmpty();
        var next = following.getFirst();
        assertThat(Duration.between(struckAt, next.at())).isBetween(expected.earliest(), expected.latest());
        assertThat(next.operation()).isEqualTo(expected.request().get());
        assertThat(next.from().isPresent()).isEqualTo(expected.goesOn());
        assertThat(next.version()).isEqualTo(expected.version());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("seen")
    void others_wait_only_if_it_concerns_them(Seen seen) {
        assertThat(seen.bystander()).isNotEmpty();
        var waited = Duration.between(struckAt, seen.bystander().getFirst().at());
        if (seen.happened().next().everybody()) {
            assertThat(waited).isGreaterThanOrEqualTo(seen.happened().next().earliest());
        } else {
            assertThat(waited).isLessThan(MOMENT);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("seen")
    void a_person_is_called_only_if_nothing_else_helps(Seen seen) {
        assertThat(seen.failed()).isEqualTo(seen.happened().next().failed());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("seen")
    void less_is_sent_at_once_only_after_too_much_was(Seen seen) {
        var tooMuch = seen.happened().name().startsWith("ErrorExceededConnectionCount")
                && !seen.happened().isCallback();
        assertThat(seen.narrowings()).isEqualTo(tooMuch ? 1 : 0);
    }

    /// Each code with its own reaction has a case, and so has an unknown one.
    @Test
    void no_code_is_forgotten() {
        assertThat(Stream.concat(ResponseCases.codes().stream(), ResponseCases.seldomCodes().stream()))
                .containsAll(EwsError.expectedCodes().stream()
                        .map(ResponseCode::value)
                        .toList())
                .contains("ErrorThatNobodyHasHeardOf");
    }

    /// Returns the requests for the mailbox after the response under test.
    private static List<LoggedRequest> following(Seen seen) {
        return switch (seen.happened().how()) {
            case ResponseCase.How.Callback ignored -> seen.victim();
            case ResponseCase.How.Answer answer ->
                seen.victim().stream()
                        .dropWhile(request -> !request.operation().equals(answer.operation()))
                        .skip(1)
                        .toList();
        };
    }
}
