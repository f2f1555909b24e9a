package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tidemark.compensator.CohortAssessment.Decision;
import dev.tidemark.compensator.CohortAssessment.Evidence;
import dev.tidemark.compensator.CohortAssessment.Trial;
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
    private static final Evidence OVERDUE_BUT_OTHERS_CALL_BACK = new Evidence(false, true, true, false);
    private static final Evidence OTHERS_CONTINUE = new Evidence(false, false, true, true);

    static Stream<Arguments> cases() {
        return Stream.of(
                arguments("under a minute, at any pace", silent(59, 1), Decision.WAIT),
                arguments("a minute of a busy server", silent(60, 1), Decision.TRY),
                arguments("three times the pace", silent(90, 30), Decision.WAIT),
                arguments("four times the pace", silent(120, 30), Decision.TRY),
                arguments("once wrongly suspected", afterFalseAlarms(120, 1), Decision.WAIT),
                arguments("once wrongly suspected, twice as long", afterFalseAlarms(240, 1), Decision.TRY),
                arguments("a single mailbox", singleMailbox(), Decision.WAIT),
                arguments("seven callbacks define no pace", withoutPace(), Decision.WAIT),
                arguments("the trial is not granted", inTrial(600, Optional.empty(), MISSED), Decision.WAIT),
                arguments("it delivers a missed event", inTrial(61, after(1), MISSED), Decision.COMPENSATE),
                arguments("no evidence", inTrial(100, after(30), NONE), Decision.WAIT),
                arguments("another one after twice the time", inTrial(120, after(50), NONE), Decision.TRY),
                arguments(
                        "no heartbeat, and the trial calls back",
                        inTrial(100, calledBack(30), OVERDUE),
                        Decision.COMPENSATE),
                arguments("no heartbeat, too early to decide", inTrial(100, calledBack(19), OVERDUE), Decision.WAIT),
                arguments("the trial does not call back either", inTrial(100, after(30), OVERDUE), Decision.WAIT),
                arguments(
                        "the trial does not call back, but others do",
                        inTrial(100, after(30), OVERDUE_BUT_OTHERS_CALL_BACK),
                        Decision.COMPENSATE),
                arguments("other servers continue", inTrial(100, after(30), OTHERS_CONTINUE), Decision.COMPENSATE),
                arguments("others continue, few callbacks were expected", slowServer(), Decision.WAIT),
                arguments("a mailbox that calls back clears the server", restCalledBack(), Decision.DISMISS));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void decides(String name, CohortAssessment assessment, Decision expected) {
        assertThat(assessment.decide()).as(name).isEqualTo(expected);
    }

    private static CohortAssessment silent(int seconds, int pace) {
        return of(seconds, pace, 100, 20, 0, 0, Optional.empty(), false, NONE);
    }

    private static CohortAssessment afterFalseAlarms(int seconds, int times) {
        return of(seconds, 30, 100, 20, times, 0, Optional.empty(), false, NONE);
    }

    private static CohortAssessment singleMailbox() {
        return of(600, 1, 100, 1, 0, 0, Optional.empty(), false, NONE);
    }

    private static CohortAssessment withoutPace() {
        return of(600, 1, 7, 20, 0, 0, Optional.empty(), false, NONE);
    }

    private static CohortAssessment inTrial(int seconds, Optional<Trial> trial, Evidence evidence) {
        var granted = trial.or(() -> Optional.of(new Trial(Optional.empty(), false)));
        return of(seconds, 2, 100, 20, 0, 1, granted, false, evidence);
    }

    private static CohortAssessment slowServer() {
        return of(200, 30, 100, 20, 0, 1, after(60), false, OTHERS_CONTINUE);
    }

    private static CohortAssessment restCalledBack() {
        return of(600, 2, 100, 20, 0, 1, after(60), true, MISSED);
    }

    private static Optional<Trial> after(int seconds) {
        return Optional.of(new Trial(Optional.of(Duration.ofSeconds(seconds)), false));
    }

    private static Optional<Trial> calledBack(int seconds) {
        return Optional.of(new Trial(Optional.of(Duration.ofSeconds(seconds)), true));
    }

    private static CohortAssessment of(
            int silence,
            int pace,
            long turns,
            int mailboxes,
            int falseAlarms,
            int trialCount,
            Optional<Trial> trial,
            boolean restCalledBack,
            Evidence evidence) {
        return new CohortAssessment(
                Duration.ofSeconds(silence),
                Duration.ofSeconds(pace),
                turns,
                mailboxes,
                falseAlarms,
                trialCount,
                trial,
                restCalledBack,
                evidence);
    }
}
