package dev.tidemark.daemon;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects what is wrong while reading goes on, so that a person hears of everything at once.
final class Faults {
    private final List<Fault> found = new ArrayList<>();

    void mistake(Mark mark, String message) {
        found.add(Fault.mistake(mark, message));
    }

    void risk(Mark mark, String message) {
        found.add(Fault.risk(mark, message));
    }

    boolean fatal() {
        return found.stream().anyMatch(fault -> !fault.warning());
    }

    /// In the order of the file, each place's own in the order found.
    List<Fault> all() {
        return found.stream()
                .distinct()
                .sorted(Comparator.comparing(Fault::file)
                        .thenComparingInt(Fault::line)
                        .thenComparingInt(Fault::column))
                .toList();
    }
}
