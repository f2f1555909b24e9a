package dev.tidemark.store.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.values.CalendarItemDetail;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MessageDetail;
import dev.tidemark.values.MessageDetail.Correspondent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ItemDetailCodecTest {
    @Test
    void a_detail_survives_the_way_to_binary_and_back() {
        for (var detail :
                List.of(new ItemDetail.Found(message()), new ItemDetail.NotFound(), new ItemDetail.Unavailable())) {
            assertThat(ItemDetailCodec.read(ItemDetailCodec.write(detail))).isEqualTo(detail);
        }
    }

    private static MessageDetail message() {
        var ada = new Correspondent(Optional.of("Ada"), Optional.of("ada@example.com"));
        var now = Optional.of(Instant.parse("2026-11-01T09:15:02Z"));
        return new MessageDetail(
                new ItemId("I1", Optional.of("k")),
                Optional.of("IPM.Note"),
                Optional.of("Hello"),
                Optional.of("<1@example.com>"),
                Optional.of("C1"),
                Optional.of(ada),
                List.of(ada, ada),
                List.of(),
                List.of(new Correspondent(Optional.empty(), Optional.empty())),
                now,
                now,
                Optional.of(true),
                OptionalLong.of(4711),
                Optional.of("High"),
                Optional.empty(),
                Optional.of(false),
                List.of("red", "red"),
                Optional.empty(),
                Optional.of("Hello you"),
                Optional.of(new CalendarItemDetail(
                        now,
                        now,
                        Optional.of(false),
                        Optional.of(ada),
                        Optional.of("Room 1"),
                        Optional.of("uid"),
                        Optional.of(true))));
    }
}
