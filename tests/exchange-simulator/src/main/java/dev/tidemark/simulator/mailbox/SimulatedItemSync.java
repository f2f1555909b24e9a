package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.ItemId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.regex.Pattern;

/// Implements SyncFolderItems over one folder. The initial synchronization returns all items, newest first,
/// page by page; later ones return the changes. The state is opaque text that is valid for one folder only.
public final class SimulatedItemSync {
    /// Change as the response lists it.
    public sealed interface Change {
        record Create(SimulatedItem item) implements Change {}

        record Update(SimulatedItem item) implements Change {}

        record Delete(ItemId id) implements Change {}

        record ReadFlag(ItemId id, boolean read) implements Change {}
    }

    public record Page(String state, boolean last, List<Change> changes) {
        public Page {
            changes = List.copyOf(changes);
        }
    }

    /// `until` is the position in the history. `below` is the position from which the initial synchronization
    /// continues downward, or 0 at its end.
    private record State(long until, long below) {}

    private record Placed(long place, Change change) {}

    private static final Pattern STATE = Pattern.compile("sync1 (\\d{1,18}) (\\d{1,18}) (\\S+)");

    private final MailboxContent content;
    private final SimulatedFolder folder;
    private final LongFunction<OptionalLong> places;
    private final long end;

    /// @param places returns the place to continue from for a state, if it can be used
    SimulatedItemSync(MailboxContent content, SimulatedFolder folder, LongFunction<OptionalLong> places, long end) {
        this.places = places;
        this.content = content;
        this.folder = folder;
        this.end = end;
    }

    /// Returns the next page. Throws [ResponseErrorException] for a state of another folder.
    Page page(String stateText, int limit) {
        var state = stateText.isEmpty()
                ? new State(end, Long.MAX_VALUE)
                : parse(stateText).orElseThrow(SimulatedItemSync::invalidState);
        return state.below() > 0 ? firstTime(state, limit) : since(state.until(), limit);
    }

    public static ResponseErrorException invalidState() {
        return new ResponseErrorException(
                "ErrorInvalidSyncStateData", "Synchronization state data is corrupt or otherwise invalid.");
    }

    private Page firstTime(State state, int limit) {
        var left = content.itemsIn(folder).stream()
                .sorted(SimulatedItem.NEWEST_FIRST)
                .filter(item -> item.stamps().arrived() <= state.until()
                        && item.stamps().arrived() < state.below())
                .limit(limit + 1L)
                .toList();
        var page = left.subList(0, Math.min(limit, left.size()));
        var through = page.size() == left.size();
        var below = through ? 0 : page.get(page.size() - 1).stamps().arrived();
        var next = new State(state.until(), below);
        var last = through && since(state.until(), 1).changes().isEmpty();
        return new Page(
                text(next), last, page.stream().<Change>map(Change.Create::new).toList());
    }

    private Page since(long place, int limit) {
        var changes = new ArrayList<Placed>();
        content.itemsIn(folder).forEach(item -> change(item, place).ifPresent(changes::add));
        content.removedFrom(folder).stream()
                .filter(gone -> gone.left() > place && gone.arrived() <= place)
                .forEach(gone -> changes.add(new Placed(gone.left(), new Change.Delete(gone.id()))));
        changes.sort(Comparator.comparingLong(Placed::place));
        var page = changes.subList(0, Math.min(limit, changes.size()));
        var through = page.size() == changes.size();
        var reached = through ? Math.max(place, end) : page.get(page.size() - 1).place();
        return new Page(
                text(new State(reached, 0)),
                through,
                page.stream().map(Placed::change).toList());
    }

    private static Optional<Placed> change(SimulatedItem item, long place) {
        var stamps = item.stamps();
        if (stamps.arrived() > place) {
            return Optional.of(new Placed(stamps.arrived(), new Change.Create(item)));
        }
        if (stamps.changed() > place) {
            return Optional.of(new Placed(stamps.changed(), new Change.Update(item)));
        }
        return stamps.marked() > place
                ? Optional.of(new Placed(stamps.marked(), new Change.ReadFlag(item.id(), item.read())))
                : Optional.empty();
    }

    private String text(State state) {
        var plain = "sync1 " + state.until() + " " + state.below() + " "
                + folder.id().id();
        return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
    }

    private Optional<State> parse(String text) {
        try {
            var plain = new String(Base64.getDecoder().decode(text), StandardCharsets.US_ASCII);
            var matcher = STATE.matcher(plain);
            if (!matcher.matches() || !matcher.group(3).equals(folder.id().id())) {
                return Optional.empty();
            }
            var place = places.apply(Long.parseLong(matcher.group(1)));
            return place.isEmpty() || place.getAsLong() < content.removalsKnownAfter()
                    ? Optional.empty()
                    : Optional.of(new State(place.getAsLong(), Long.parseLong(matcher.group(2))));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
