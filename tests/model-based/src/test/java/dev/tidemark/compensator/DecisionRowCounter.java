package dev.tidemark.compensator;

import dev.tidemark.store.model.PendingCompensation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import net.bytebuddy.asm.Advice;

/// Counts the rows of the decision table in docs/compensation.md that the compensator used. Woven into
/// [CompensationDecisionTable#decide].
public final class DecisionRowCounter {
    private static final String HEAD = "| under way | state |";
    private static final List<List<String>> ROWS = rows();
    private static final Map<Integer, Integer> COUNTS = new ConcurrentHashMap<>();
    /// A few combinations occur millions of times.
    private static final Map<Values, Integer> FOUND = new ConcurrentHashMap<>();

    /// Values of a decision. They are faster to compare than their names in the table.
    private record Values(
            boolean inFlight,
            Class<?> state,
            boolean waits,
            String pending,
            boolean live,
            String watermark,
            boolean silent,
            boolean changed,
            boolean resync) {
        /// Returns the names in the order of the table's columns.
        List<String> names() {
            return List.of(
                    inFlight ? "yes" : "no",
                    state.getSimpleName().toLowerCase(Locale.ROOT),
                    waits ? "wait" : "nothing",
                    pending,
                    live ? "live" : "none",
                    watermark,
                    silent ? "yes" : "no",
                    changed ? "changed" : "same",
                    resync ? "owed" : "no");
        }
    }

    private DecisionRowCounter() {}

    @Advice.OnMethodExit
    static void exit(@Advice.This CompensationDecisionTable situation) {
        count(situation);
    }

    /// Called from the product by the woven advice.
    static void count(CompensationDecisionTable situation) {
        COUNTS.merge(FOUND.computeIfAbsent(values(situation), DecisionRowCounter::rowOf), 1, Integer::sum);
    }

    /// Returns the number of uses of each row, from 1, unused rows included.
    public static Map<Integer, Integer> counts() {
        var all = new TreeMap<Integer, Integer>();
        IntStream.rangeClosed(1, ROWS.size()).forEach(row -> all.put(row, COUNTS.getOrDefault(row, 0)));
        return all;
    }

    public static String row(int number) {
        return String.join(" | ", ROWS.get(number - 1));
    }

    private static int rowOf(Values found) {
        var values = found.names();
        return 1
                + IntStream.range(0, ROWS.size())
                        .filter(row -> fits(ROWS.get(row), values))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("No row of the table fits " + values));
    }

    private static boolean fits(List<String> row, List<String> values) {
        return IntStream.range(0, values.size())
                .allMatch(i -> row.get(i).equals("-")
                        || Arrays.asList(row.get(i).split(", ", -1)).contains(values.get(i)));
    }

    private static Values values(CompensationDecisionTable situation) {
        var mailbox = situation.mailbox();
        var now = situation.now();
        return new Values(
                situation.inFlight(),
                mailbox.state().getClass(),
                situation.holdUntil().filter(now::isBefore).isPresent(),
                mailbox.due().map(due -> owed(due, situation)).orElse("nothing"),
                mailbox.live().isPresent(),
                watermark(situation),
                !situation.silentAt().isAfter(now),
                situation.settingsChanged(),
                mailbox.resyncSince().isPresent());
    }

    private static String owed(PendingCompensation due, CompensationDecisionTable situation) {
        if (due.notBefore().isAfter(situation.now())) {
            return "later";
        }
        return due.resync() ? "now with resync" : "now";
    }

    private static String watermark(CompensationDecisionTable situation) {
        var mailbox = situation.mailbox();
        return mailbox.watermark()
                .map(mark -> mailbox.failuresFromWatermark() >= 2
                                || mark.takenAt()
                                        .plus(situation.watermarkLifetime())
                                        .isBefore(situation.now())
                        ? "spent"
                        : "good")
                .orElse("none");
    }

    private static List<List<String>> rows() {
        try {
            return Files.readAllLines(Path.of(System.getProperty("tidemark.docs", "../../docs"), "compensation.md"))
                    .stream()
                    .dropWhile(line -> !line.startsWith(HEAD))
                    .skip(2)
                    .takeWhile(line -> line.startsWith("|"))
                    .map(DecisionRowCounter::cells)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.substring(1, line.length() - 1).split("\\|", -1))
                .map(String::strip)
                .toList();
    }
}
