package dev.tidemark.model;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// Random choices of one run, from its seed, with counts of their effects.
final class SeededDice {
    private final Random random;
    private final Random spreading;
    private final Map<TroubleKind, Integer> counts = new EnumMap<>(TroubleKind.class);
    private double troubleFactor = 1;

    /// Kinds of trouble that `-Dmodel.without=KIND,KIND` disables, to find the one that breaks a history.
    private static final Set<String> WITHOUT =
            Set.of(System.getProperty("model.without", "").split(",", -1));

    SeededDice(long seed) {
        random = new Random(seed);
        spreading = new Random(seed);
    }

    /// Sets the factor of all trouble probabilities: 0 for none, 1 for the normal ones.
    void setTroubleFactor(double factor) {
        troubleFactor = factor;
    }

    /// Returns whether `happening` strikes, with this probability per thousand.
    boolean strikes(TroubleKind happening, int inThousand) {
        var struck = random.nextDouble() * 1000 < inThousand * troubleFactor && allows(happening);
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

    /// Returns a number from 0 to 1 for the spread of repairs. Does not change the other choices of the seed.
    double spread() {
        return spreading.nextDouble();
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /// Returns a duration up to the limit, more often short than long.
    Duration upTo(Duration limit) {
        var share = random.nextDouble();
        return Duration.ofMillis(Math.round(limit.toMillis() * share * share));
    }

    /// Returns a time in the span, often close to others.
    Duration delayWithin(Duration span) {
        var whole = Math.round(span.toSeconds() * (oneIn(2) ? below(20) / 20.0 : fraction()));
        return Duration.ofSeconds(whole + below(120));
    }
}
