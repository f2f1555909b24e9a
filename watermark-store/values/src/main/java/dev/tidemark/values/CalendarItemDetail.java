package dev.tidemark.values;

import dev.tidemark.values.MessageDetail.Correspondent;
import java.time.Instant;
import java.util.Optional;

/// What GetItem tells of a calendar item, or of a message about one, beside what every item has.
public record CalendarItemDetail(
        Optional<Instant> start,
        Optional<Instant> end,
        Optional<Boolean> allDay,
        Optional<Correspondent> organizer,
        Optional<String> location,
        Optional<String> iCalUid,
        Optional<Boolean> cancelled) {}
