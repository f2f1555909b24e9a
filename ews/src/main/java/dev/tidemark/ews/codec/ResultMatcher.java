package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.values.SkipReason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Matches results to the requested objects: by the id that a result carries, else by its position. Positions
/// count only in a response with one message for each object. A request may name one object twice, by id and by
/// name. Not thread-safe; used for one response.
final class ResultMatcher<T> {
    private final SkipTally skips;
    private final boolean placesCount;
    private final List<Entry<T>> entries = new ArrayList<>();
    private final Map<String, Entry<T>> byId = new HashMap<>();

    private record Entry<T>(Optional<String> id, T result) {}

    /// @param placesCount true if the response has one message for each requested object
    ResultMatcher(SkipTally skips, boolean placesCount) {
        this.skips = skips;
        this.placesCount = placesCount;
    }

    void add(Optional<String> id, T result) {
        var entry = new Entry<>(id, result);
        entries.add(entry);
        id.ifPresent(present -> byId.putIfAbsent(present, entry));
    }

    /// Returns one result for each of `asked`, with or without a known id; `otherwise` for one without a match.
    List<T> inOrder(List<Optional<String>> asked, T otherwise) {
        var unused = new ArrayList<>(entries);
        var matched = new ArrayList<T>(asked.size());
        for (var i = 0; i < asked.size(); i++) {
            var place = i;
            var entry = asked.get(i)
                    .flatMap(id -> isAtItsPlace(place, id)
                            ? Optional.of(entries.get(place))
                            : Optional.ofNullable(byId.get(id)))
                    .or(() -> at(place, asked));
            entry.ifPresent(unused::remove);
            matched.add(entry.map(Entry::result).orElse(otherwise));
        }
        skips.count(SkipReason.UNMATCHED, unused.size());
        return List.copyOf(matched);
    }

    /// Returns the entry at this position, unless it belongs to a request for its id at another position.
    private Optional<Entry<T>> at(int place, List<Optional<String>> asked) {
        return placesCount
                ? Optional.of(entries.get(place)).filter(entry -> entry.id().isEmpty() || isFree(entry.id(), asked))
                : Optional.empty();
    }

    /// Returns whether each request for the id has its entry at its own position.
    private boolean isFree(Optional<String> id, List<Optional<String>> asked) {
        return IntStream.range(0, asked.size())
                .filter(place -> asked.get(place).equals(id))
                .allMatch(place -> entries.get(place).id().equals(id));
    }

    private boolean isAtItsPlace(int place, String id) {
        return placesCount && entries.get(place).id().equals(Optional.of(id));
    }
}
