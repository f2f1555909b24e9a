package dev.tidemark.daemon;

import dev.tidemark.watermark.EventData;
import dev.tidemark.watermark.Journal;
import dev.tidemark.watermark.JournalEvent;
import dev.tidemark.watermark.MailboxId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What happened to a mailbox lately: its lifecycle events, newest first, as far as the journal keeps them.
record MailboxHistory(Journal journal) {
    private static final int MOST = 20;

    /// A busy mailbox has many changes between two of them; no request walks back further than this.
    private static final int MOST_ENTRIES = 2_000;

    List<Map<String, Object>> of(MailboxId mailbox) {
        return journal.newest(mailbox, MailboxHistory::isLifecycle, MOST, MOST_ENTRIES).stream()
                .map(MailboxHistory::line)
                .toList();
    }

    private static boolean isLifecycle(JournalEvent event) {
        return event.data() instanceof EventData.Lifecycle;
    }

    private static Map<String, Object> line(JournalEvent event) {
        var line = new LinkedHashMap<String, Object>();
        line.put("at", event.recordedAt());
        line.put("type", event.type());
        if (event.data() instanceof EventData.Lifecycle(var mailbox, var fields)) {
            line.putAll(fields);
        }
        return line;
    }
}
