package dev.tidemark.forwarder;

import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkName;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads ahead in the journal on a request thread of a sink, without the sink's lock. Logs only the first failure
/// in a row. Thread-safe.
final class ReadAheadRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ReadAheadRunner.class);

    private final SinkName sink;
    private volatile boolean failed;

    ReadAheadRunner(SinkName sink) {
        this.sink = sink;
    }

    /// Returns the events; empty if the journal cannot be read.
    List<JournalEvent> read(SinkJournalReader.ReadAhead read) {
        try {
            var events = read.read();
            failed = false;
            return events;
        } catch (RuntimeException e) {
            if (!failed) {
                LOG.warn("Sink {} failed to read ahead in the journal; retrying", sink, e);
            }
            failed = true;
            return List.of();
        }
    }
}
