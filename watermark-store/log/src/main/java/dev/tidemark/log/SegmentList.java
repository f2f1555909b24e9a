package dev.tidemark.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Current list of segments. Readers get a [LogView] without a lock; [SegmentAppender] and [SegmentRetention]
/// replace it. Thread-safe.
final class SegmentList {
    private volatile LogView view;

    SegmentList(LogView view) {
        this.view = view;
    }

    LogView view() {
        return view;
    }

    /// Returns whether the segment's file is still the one that was listed.
    synchronized boolean isCurrent(LogSegment segment) {
        var index = view.reaching(segment.header().lsn());
        return index < view.count() && view.get(index).header().equals(segment.header());
    }

    synchronized void appended(LogSegment newest) {
        view = new LogView(view.closed(), newest);
    }

    synchronized void began(LogSegment newest) {
        var closed = new ArrayList<>(view.closed());
        closed.add(view.newest());
        view = new LogView(List.copyOf(closed), newest);
    }

    /// Removes the file and the segment under one lock, so that a reader never treats the removal as damage.
    synchronized void removeOldest(FileChange change) throws IOException {
        change.run();
        view = new LogView(
                view.closed().subList(1, view.closed().size()).stream().toList(), view.newest());
    }

    /// Replaces the file and the segment under one lock, so that a reader never treats the replacement as damage.
    synchronized void replace(LogSegment old, LogSegment compacted, FileChange change) throws IOException {
        change.run();
        var closed = new ArrayList<>(view.closed());
        closed.set(closed.indexOf(old), compacted);
        view = new LogView(List.copyOf(closed), view.newest());
    }
}
