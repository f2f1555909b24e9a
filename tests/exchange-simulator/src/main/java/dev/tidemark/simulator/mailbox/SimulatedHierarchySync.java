package dev.tidemark.simulator.mailbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Implements SyncFolderHierarchy below one folder: first all folders, later the changes. The state is opaque
/// text that is valid for one root only.
public final class SimulatedHierarchySync {
    /// Change as the response lists it.
    public sealed interface Change {
        record Create(FolderPlace place) implements Change {}

        record Update(FolderPlace place) implements Change {}

        record Delete(SimulatedFolder folder) implements Change {}
    }

    public record Page(String state, List<Change> changes) {
        public Page {
            changes = List.copyOf(changes);
        }
    }

    private record Placed(long at, Change change) {}

    private static final Pattern STATE = Pattern.compile("hier1 (\\d{1,18}) (\\S+)");

    private final FolderTree tree;
    private final SimulatedFolder root;
    private final long end;

    SimulatedHierarchySync(FolderTree tree, SimulatedFolder root, long end) {
        this.tree = tree;
        this.root = root;
        this.end = end;
    }

    /// Returns the next page. Throws [ResponseErrorException] for a state of another root.
    Page page(String stateText) {
        var since = stateText.isEmpty()
                ? Optional.<Long>empty()
                : Optional.of(parse(stateText).orElseThrow(SimulatedItemSync::invalidState));
        return new Page(text(), since.map(this::since).orElseGet(this::everything));
    }

    private List<Change> everything() {
        return tree.below(root).stream().<Change>map(Change.Create::new).toList();
    }

    private List<Change> since(long place) {
        var changes = new ArrayList<Placed>();
        for (var each : tree.below(root)) {
            if (each.made() > place) {
                changes.add(new Placed(each.made(), new Change.Create(each)));
            } else if (each.changed() > place) {
                changes.add(new Placed(each.changed(), new Change.Update(each)));
            }
        }
        tree.removed().stream()
                .filter(each -> each.left() > place && each.made() <= place)
                .forEach(each -> changes.add(new Placed(each.left(), new Change.Delete(each.folder()))));
        changes.sort(Comparator.comparingLong(Placed::at));
        return changes.stream().map(Placed::change).toList();
    }

    private String text() {
        var plain = "hier1 " + end + " " + root.id().id();
        return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
    }

    private Optional<Long> parse(String text) {
        try {
            var matcher = STATE.matcher(new String(Base64.getDecoder().decode(text), StandardCharsets.US_ASCII));
            return matcher.matches() && matcher.group(2).equals(root.id().id())
                    ? Optional.of(Long.parseLong(matcher.group(1)))
                    : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
