package dev.tidemark.values;

import dev.tidemark.values.MessageDetail.Correspondent;
import java.time.Instant;
import java.util.Optional;

/// Properties of a calendar item, or of a message about one, from GetItem. [MessageDetail] has those of every
/// item.
public record CalendarItemDetail(
        Optional<Instant> start,
        Optional<Instant> end,
        Optional<Boolean> allDay,
        Optional<Correspondent> organizer,
        Optional<String> location,
        Optional<String> iCalUid,
        Optional<Boolean> cancelled) {}
