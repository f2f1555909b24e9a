package dev.tidemark.model;

import dev.tidemark.model.ModelMailbox.Page;
import dev.tidemark.values.SyncState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Mailboxes whose pages lead nowhere for a while. Each page reports that more follows, and returns the state
/// of its request or one of two for the same position. Records a complaint about too many requests.
final class StuckPages {
    /// Limit per hour. Each try requests some pages; tries are half a minute to a quarter of an hour apart,
    /// starting over with each start of the daemon. Without back-off, there would be a thousand requests.
    private static final int MAX_PER_HOUR = 120;

    private static final Duration HOUR = Duration.ofHours(1);

    private final SimulatedAgenda agenda;
    private final Map<ModelMailbox, Boolean> stuck = new HashMap<>();
    private final Map<ModelMailbox, List<Instant>> requests = new HashMap<>();
    private final List<String> complaints = new ArrayList<>();

    StuckPages(SimulatedAgenda agenda) {
        this.agenda = agenda;
    }

    /// Makes the pages of a mailbox repeat.
    ///
    /// @param circle true if two states alternate
    void begin(ModelMailbox mailbox, boolean circle) {
        stuck.put(mailbox, circle);
        requests.remove(mailbox);
    }

    void end(ModelMailbox mailbox) {
        stuck.remove(mailbox);
    }

    boolean isStuck(ModelMailbox mailbox) {
        return stuck.containsKey(mailbox);
    }

    /// Returns the page as it is sent.
    Page page(ModelMailbox mailbox, Optional<SyncState> from, Page page) {
        if (!isStuck(mailbox)) {
            return page;
        }
        note(mailbox);
        var circle = stuck.getOrDefault(mailbox, false);
        var state = from.map(SyncState::value).map(text -> circle ? other(text) : text);
        return new Page(state.orElse(page.state()), false, page.changes());
    }

    private void note(ModelMailbox mailbox) {
        var times = requests.computeIfAbsent(mailbox, ignored -> new ArrayList<>());
        times.removeIf(at -> at.plus(HOUR).isBefore(agenda.now()));
        times.add(agenda.now());
        if (times.size() == MAX_PER_HOUR) {
            complaints.add(mailbox.address() + " got " + MAX_PER_HOUR + " requests"
                    + " within an hour for pages that lead nowhere, at " + agenda.now());
        }
    }

    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /// Returns another text for the same position in the history.
    private static String other(String state) {
        var plain = state.replaceFirst(":0(?=\\d)", ":");
        return plain.equals(state) ? state.replaceFirst(":", ":0") : plain;
    }
}
