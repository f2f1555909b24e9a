package dev.tidemark.daemon.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Finds the most similar known name for a mistyped one.
public final class NameSuggester {
    private NameSuggester() {}

    /// Returns the most similar of `names`, at any distance. Returns empty only if there are no names.
    public static Optional<String> nearest(String typed, Collection<String> names) {
        return names.stream()
                .sorted()
                .min(Comparator.comparingInt(
                        name -> distance(typed.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))));
    }

    /// Returns the most similar of `names` if the typed one is probably a misspelling of it: at most two letters
    /// differ, or a third of a long name.
    static Optional<String> misspelled(String typed, Collection<String> names) {
        return nearest(typed, names)
                .filter(name -> distance(typed.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))
                        <= Math.max(2, name.length() / 3));
    }

    /// Returns the most similar of `names`, and all of them, for a fault. There must be a name.
    static String nearestOf(String typed, Collection<String> names) {
        return "the nearest name is " + nearest(typed, names).orElseThrow() + "; write one of "
                + String.join(", ", names);
    }

    /// Returns the Levenshtein distance.
    static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (var j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (var i = 1; i <= a.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.length(); j++) {
                var replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
