package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.ItemId;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;

/// Current version of an item.
public record SimulatedItem(
        ItemId id, SimulatedFolder folder, Content content, boolean read, Instant modified, Stamps stamps) {
    /// Order of listings that start with the latest arrival.
    public static final Comparator<SimulatedItem> NEWEST_FIRST = Comparator.<SimulatedItem>comparingLong(
                    item -> item.stamps().arrived())
            .reversed();

    /// Properties of an item without its state.
    ///
    /// @param properties further properties by element name, each as its element with the prefix `t`
    public record Content(
            String subject,
            String from,
            String itemClass,
            String messageId,
            Instant created,
            Instant received,
            Map<String, String> properties) {
        public Content {
            properties = Map.copyOf(properties);
        }

        public Content with(String otherSubject, Map<String, String> others) {
            return new Content(otherSubject, from, itemClass, messageId, created, received, others);
        }

        public Content ofClass(String otherClass) {
            return new Content(subject, from, otherClass, messageId, created, received, properties);
        }
    }

    /// Positions in the database's history: the item's arrival in its folder, its last change there, and its
    /// last change of the read flag.
    public record Stamps(long arrived, long changed, long marked) {
        static Stamps arrived(long counter) {
            return new Stamps(counter, counter, counter);
        }
    }

    /// Returns whether the item is an unsent draft. Only items in Drafts are.
    public boolean draft() {
        return folder.name().equals("drafts");
    }

    SimulatedItem changed(Content other, Instant at, long counter) {
        return new SimulatedItem(id, folder, other, read, at, new Stamps(stamps.arrived(), counter, stamps.marked()));
    }

    SimulatedItem marked(boolean nowRead, Instant at, long counter) {
        return new SimulatedItem(
                id, folder, content, nowRead, at, new Stamps(stamps.arrived(), stamps.changed(), counter));
    }

    SimulatedItem moved(ItemId newId, SimulatedFolder to, Instant at, long counter) {
        return new SimulatedItem(newId, to, content, read, at, Stamps.arrived(counter));
    }
}
