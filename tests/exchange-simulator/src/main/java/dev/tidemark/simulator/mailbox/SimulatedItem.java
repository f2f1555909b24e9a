package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.ItemId;
import java.time.Instant;

/// An item as it lies in a folder now.
public record SimulatedItem(
        ItemId id, SimulatedFolder folder, Content content, boolean read, Instant modified, Stamps stamps) {
    /// What does not change while the item lives.
    public record Content(
            String subject, String from, String itemClass, String messageId, Instant created, Instant received) {}

    /// Places in the database's history: when the item came to its folder, was last changed there, and was
    /// last marked read or unread.
    public record Stamps(long arrived, long changed, long marked) {
        static Stamps arrived(long counter) {
            return new Stamps(counter, counter, counter);
        }
    }

    /// Only what waits in Drafts has not been sent.
    public boolean draft() {
        return folder.name().equals("drafts");
    }

    SimulatedItem changed(String subject, Instant at, long counter) {
        var other = new Content(
                subject,
                content.from(),
                content.itemClass(),
                content.messageId(),
                content.created(),
                content.received());
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
