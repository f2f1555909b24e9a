package dev.tidemark.model;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Chance of one run, from its seed, and the count of what it brought about.
final class SeededDice {
    private final Random random;
    private final Map<TroubleKind, Integer> counts = new EnumMap<>(TroubleKind.class);
    private double trouble = 1;

    /// Kinds of trouble that `-Dmodel.without=KIND,KIND` leaves out, to find the one that breaks a history.
    private static final Set<String> WITHOUT =
            Set.of(System.getProperty("model.without", "").split(",", -1));

    SeededDice(long seed) {
        random = new Random(seed);
    }

    /// How much goes wrong from now on: 0 for nothing, 1 for what the probabilities say.
    void trouble(double factor) {
        trouble = factor;
    }

    /// Whether `happening` strikes, which it does so often in a thousand.
    boolean strikes(TroubleKind happening, int inThousand) {
        var struck = random.nextDouble() * 1000 < inThousand * trouble && allows(happening);
        if (struck) {
            count(happening);
        }
        return struck;
    }

    /// Returns whether this kind of trouble is enabled in this run.
    boolean allows(TroubleKind happening) {
        return !WITHOUT.contains(happening.name());
    }

    void count(TroubleKind happening) {
        counts.merge(happening, 1, Integer::sum);
    }

    Random random() {
        return random;
    }

    Map<TroubleKind, Integer> counts() {
        return counts;
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    double fraction() {
        return random.nextDouble();
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /// More often short than long.
    Duration upTo(Duration most) {
        var share = random.nextDouble();
        return Duration.ofMillis(Math.round(most.toMillis() * share * share));
    }

    /// Anywhere in the span, but often close to others.
    Duration moment(Duration span) {
        var whole = Math.round(span.toSeconds() * (oneIn(2) ? below(20) / 20.0 : fraction()));
        return Duration.ofSeconds(whole + below(120));
    }
}
