package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tidemark.compensator.CohortAssessment.Evidence;
import dev.tidemark.compensator.CohortAssessment.Trial;
import dev.tidemark.compensator.CohortAssessment.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CohortAssessmentTest {
    private static final Evidence NONE = new Evidence(false, false, false, false);
    private static final Evidence MISSED = new Evidence(true, false, false, false);
    private static final Evidence OVERDUE = new Evidence(false, true, false, false);
    private static final Evidence OVERDUE_BUT_OTHERS_ARE_HEARD = new Evidence(false, true, true, false);
    private static final Evidence OTHERS_GO_ON = new Evidence(false, false, true, true);

    static Stream<Arguments> cases() {
        return Stream.of(
                arguments("under a minute, whatever the pace", silent(59, 1), Verdict.WAIT),
                arguments("a minute of a busy server", silent(60, 1), Verdict.TRY),
                arguments("three times the pace", silent(90, 30), Verdict.WAIT),
                arguments("four times the pace", silent(120, 30), Verdict.TRY),
                arguments("once wrongly suspected", believed(120, 1), Verdict.WAIT),
                arguments("once wrongly suspected, twice as long", believed(240, 1), Verdict.TRY),
                arguments("one mailbox has no company", alone(), Verdict.WAIT),
                arguments("seven call-backs make no pace", unknown(), Verdict.WAIT),
                arguments("the trial is not granted", tried(600, Optional.empty(), MISSED), Verdict.WAIT),
                arguments("it tells what was missed", tried(61, after(1), MISSED), Verdict.CONVICT),
                arguments("nothing speaks against them", tried(100, after(30), NONE), Verdict.WAIT),
                arguments("another one after twice the time", tried(120, after(50), NONE), Verdict.TRY),
                arguments("no heartbeat, and the trial is heard", tried(100, heard(30), OVERDUE), Verdict.CONVICT),
                arguments("no heartbeat, too early to tell", tried(100, heard(19), OVERDUE), Verdict.WAIT),
                arguments("the trial hears nothing either", tried(100, after(30), OVERDUE), Verdict.WAIT),
                arguments(
                        "the trial hears nothing, but others are heard",
                        tried(100, after(30), OVERDUE_BUT_OTHERS_ARE_HEARD),
                        Verdict.CONVICT),
                arguments("other servers go on", tried(100, after(30), OTHERS_GO_ON), Verdict.CONVICT),
                arguments("others go on, little was to be expected", slow(), Verdict.WAIT),
                arguments("whoever calls is innocent", calling(), Verdict.ACQUIT));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void decides(String name, CohortAssessment question, Verdict expected) {
        assertThat(question.decide()).as(name).isEqualTo(expected);
    }

    private static CohortAssessment silent(int seconds, int pace) {
        return of(seconds, pace, 100, 20, 0, 0, Optional.empty(), false, NONE);
    }

    private static CohortAssessment believed(int seconds, int times) {
        return of(seconds, 30, 100, 20, times, 0, Optional.empty(), false, NONE);
    }

    private static CohortAssessment alone() {
        return of(600, 1, 100, 1, 0, 0, Optional.empty(), false, NONE);
    }

    private static CohortAssessment unknown() {
        return of(600, 1, 7, 20, 0, 0, Optional.empty(), false, NONE);
    }

    private static CohortAssessment tried(int seconds, Optional<Trial> trial, Evidence evidence) {
        var granted = trial.or(() -> Optional.of(new Trial(Optional.empty(), false)));
        return of(seconds, 2, 100, 20, 0, 1, granted, false, evidence);
    }

    private static CohortAssessment slow() {
        return of(200, 30, 100, 20, 0, 1, after(60), false, OTHERS_GO_ON);
    }

    private static CohortAssessment calling() {
        return of(600, 2, 100, 20, 0, 1, after(60), true, MISSED);
    }

    private static Optional<Trial> after(int seconds) {
        return Optional.of(new Trial(Optional.of(Duration.ofSeconds(seconds)), false));
    }

    private static Optional<Trial> heard(int seconds) {
        return Optional.of(new Trial(Optional.of(Duration.ofSeconds(seconds)), true));
    }

    private static CohortAssessment of(
            int silence,
            int pace,
            long turns,
            int mailboxes,
            int believed,
            int tried,
            Optional<Trial> trial,
            boolean restHeard,
            Evidence evidence) {
        return new CohortAssessment(
                Duration.ofSeconds(silence),
                Duration.ofSeconds(pace),
                turns,
                mailboxes,
                believed,
                tried,
                trial,
                restHeard,
                evidence);
    }
}
