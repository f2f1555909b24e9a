package dev.tidemark.daemon.command;

import dev.tidemark.daemon.check.CheckStep;
import dev.tidemark.daemon.check.CheckStep.CheckStage;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Formats the steps of a check for a terminal, and derives the exit code. Has no state.
final class CheckReport {
    private static final int NAME_WIDTH = 15;

    private CheckReport() {}

    /// Returns the line of a step: whether it passed, its name and subject, and its message with the remedy.
    static String line(CheckStep step) {
        var name = step.name() + " ".repeat(Math.max(0, NAME_WIDTH - step.name().length()));
        var subject = Stream.of(step.connection(), step.mailbox(), step.sink().map(sink -> "sink " + sink))
                .flatMap(part -> part.stream())
                .collect(Collectors.joining(" "));
        var remedy = step.remedy().map(text -> " " + text).orElse("");
        return (step.ok() ? "ok      " : "FAILED  ") + name + " " + (subject.isEmpty() ? "" : subject + ": ")
                + step.message() + remedy;
    }

    static String summary(List<CheckStep> steps) {
        var failed = steps.stream().filter(step -> !step.ok()).count();
        return failed == 0
                ? steps.size() + " steps passed"
                : failed + " of " + steps.size() + " steps failed; repair the first one and check again";
    }

    /// Returns 0 without a failure, 4 if something is unreachable or taken, 5 if at least one mailbox called back
    /// and no or at least one sink accepted an event, else 1.
    static int exitCode(List<CheckStep> steps) {
        if (steps.stream().allMatch(CheckStep::ok)) {
            return ExitCodes.DONE;
        }
        if (steps.stream().anyMatch(CheckStep::isUnreachable)) {
            return ExitCodes.UNREACHABLE;
        }
        var worksInPart = steps.stream().anyMatch(step -> step.hasPassed(CheckStage.CALLBACK))
                && (steps.stream().allMatch(step -> step.sink().isEmpty())
                        || steps.stream().anyMatch(step -> step.hasPassed(CheckStage.SINK)));
        return worksInPart ? ExitCodes.PARTIAL : ExitCodes.FAILED;
    }
}
