package dev.tidemark.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// Finds records by journal position with a binary search over segments and sectors, without an index. Remembers
/// the ends of recently found records, so that sequential reads need no search. Thread-safe.
final class PositionReads {
    private static final int REMEMBERED = 64;
    private static final int FEW = 64;

    /// Offset after a record.
    private record Place(FileHeader segment, long offset) {}

    private final LogDisk disk;
    private final SegmentList segments;
    private final SequencedMap<Long, Place> places = new LinkedHashMap<>(REMEMBERED, 0.75f, true);

    PositionReads(LogDisk disk, SegmentList segments) {
        this.disk = disk;
        this.segments = segments;
    }

    /// Returns the first record with an event after the position.
    Optional<LogRecord> after(long position) {
        return after(position, 1, 1).stream().findFirst();
    }

    /// Returns the records with events after the position, in order, until they reach `events` positions beyond
    /// it. Returns at most `limit` records, all of one segment. Empty at the end of the log.
    List<LogRecord> after(long position, long events, int limit) {
        var view = segments.view();
        var index = view.beyond(position);
        while (index < view.count()) {
            var segment = view.get(index++);
            try {
                var found = after(position, events, limit, segment);
                if (!found.isEmpty()) {
                    return found;
                }
            } catch (IOException | LogDamagedException e) {
                refuseUnlessReplaced(segment, e);
                view = segments.view();
                index = view.beyond(position);
            }
        }
        return List.of();
    }

    /// Returns the newest record with events. Reads whole segments, newest first.
    Optional<LogRecord> newest() {
        var view = segments.view();
        for (var index = view.count() - 1; index >= 0; index--) {
            var segment = view.get(index);
            try {
                var found = newest(segment);
                if (found.isPresent()) {
                    return found;
                }
            } catch (IOException | LogDamagedException e) {
                refuseUnlessReplaced(segment, e);
                view = segments.view();
                index = view.count();
            }
        }
        return Optional.empty();
    }

    /// Throws the failure again, unless retention or compaction replaced the file during the read.
    private void refuseUnlessReplaced(LogSegment segment, Exception e) {
        if (segments.isCurrent(segment)) {
            switch (e) {
                case LogDamagedException damaged -> throw damaged;
                case IOException failed -> throw LogFailedException.reading(failed);
                default -> throw new IllegalStateException(e);
            }
        }
    }

    private List<LogRecord> after(long position, long events, int limit, LogSegment segment) throws IOException {
        try (var file = segment.read(disk, window(limit))) {
            var known = remembered(position, segment);
            var at = known > 0 ? known : file.first(segment.end(), header -> header.position() > position);
            var found = new ArrayList<LogRecord>();
            var last = position;
            while (at < segment.end() && found.size() < limit && last - position < events) {
                try {
                    var header = file.soundHeaderAt(at);
                    if (header.events() > 0) {
                        found.add(file.soundRecord(at, header));
                        last = header.position();
                    }
                    at += header.size();
                } catch (IOException | LogDamagedException e) {
                    if (found.isEmpty()) {
                        throw e;
                    }
                    // the read after these records reports it
                    break;
                }
            }
            if (!found.isEmpty()) {
                remember(last, new Place(segment.header(), at));
            }
            return found;
        }
    }

    private static int window(int limit) {
        if (limit == 1) {
            return RecordFile.SINGLE_BYTES;
        }
        return limit <= FEW ? RecordFile.BATCH_BYTES : RecordFile.SEQUENTIAL_BYTES;
    }

    private Optional<LogRecord> newest(LogSegment segment) throws IOException {
        try (var file = segment.read(disk, RecordFile.SEQUENTIAL_BYTES)) {
            var found = Optional.<LogRecord>empty();
            for (long at = LogFileLayout.SECTOR; at < segment.end(); ) {
                var header = file.soundHeaderAt(at);
                if (header.events() > 0) {
                    found = Optional.of(file.soundRecord(at, header));
                }
                at += header.size();
            }
            return found;
        }
    }

    private long remembered(long position, LogSegment segment) {
        synchronized (places) {
            var place = places.get(position);
            return place != null && place.segment().equals(segment.header()) ? place.offset() : 0;
        }
    }

    private void remember(long position, Place place) {
        synchronized (places) {
            places.put(position, place);
            if (places.size() > REMEMBERED) {
                places.pollFirstEntry();
            }
        }
    }
}
