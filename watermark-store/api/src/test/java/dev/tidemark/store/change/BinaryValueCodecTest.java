package dev.tidemark.store.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.store.StoreException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BinaryValueCodecTest {
    private static final String PATH = "AAMkAGYzNDgzOTU5";

    private static BinaryValueReader reader(BinaryValueWriter written) {
        return new BinaryValueReader(written.toBytes());
    }

    private static BinaryValueReader reader(int... octets) {
        var out = new BinaryValueWriter();
        for (var octet : octets) {
            out.octet(octet);
        }
        return reader(out);
    }

    private static void assertDamaged(ThrowingCallable read) {
        assertThatThrownBy(read).isInstanceOf(StoreException.class).hasMessageContaining("damaged");
    }

    /// Starts without room, so that each write has to make it.
    @Test
    void each_kind_of_value_is_read_as_it_was_written() {
        var now = Instant.parse("2026-11-01T09:00:00.123456789Z");
        var before = Instant.EPOCH.minusNanos(1);
        var out = new BinaryValueWriter(0)
                .octet(200)
                .flag(true)
                .flag(false)
                .number(300)
                .wide(0x0102_0304_0506_0708L)
                .text(PATH)
                .bytes(new byte[] {1, 2})
                .constant(TimeUnit.DAYS)
                .instant(now)
                .instant(before)
                .optionalText(Optional.of("päivä"))
                .optionalText(Optional.empty())
                .optionalInstant(Optional.of(now));

        var in = reader(out);

        assertThat(in.octet()).isEqualTo(200);
        assertThat(in.flag()).isTrue();
        assertThat(in.flag()).isFalse();
        assertThat(in.number()).isEqualTo(300);
        assertThat(in.wide()).isEqualTo(0x0102_0304_0506_0708L);
        assertThat(in.text()).isEqualTo(PATH);
        assertThat(in.bytes()).containsExactly(1, 2);
        assertThat(in.constant(TimeUnit.class)).isEqualTo(TimeUnit.DAYS);
        assertThat(in.instant()).isEqualTo(now);
        assertThat(in.instant()).isEqualTo(before);
        assertThat(in.optionalText()).contains("päivä");
        assertThat(in.optionalText()).isEmpty();
        assertThat(in.hasMore()).isTrue();
        assertThat(in.optionalInstant()).contains(now);
        assertThat(in.hasMore()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 127, 128, 16_383, 16_384, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void a_number_of_any_size_is_read_as_it_was_written(long number) {
        assertThat(reader(new BinaryValueWriter(0).number(number)).number()).isEqualTo(number);
        assertThat(reader(new BinaryValueWriter(0).wide(number)).wide()).isEqualTo(number);
    }

    @Test
    void a_small_number_takes_one_byte() {
        assertThat(new BinaryValueWriter().number(127).size()).isEqualTo(1);
        assertThat(new BinaryValueWriter().number(128).size()).isEqualTo(2);
    }

    @Test
    void a_repeated_text_is_written_once() {
        var out = new BinaryValueWriter().text(PATH).text("other").text(PATH);

        assertThat(out.size()).isEqualTo(2 + PATH.length() + 2 + "other".length() + 1);
        var in = reader(out);
        assertThat(in.text() + in.text() + in.text()).isEqualTo(PATH + "other" + PATH);
    }

    @Test
    void a_skipped_text_can_be_read_where_it_is_repeated() {
        var out = new BinaryValueWriter();
        for (var number = 0; number < 40; number++) {
            out.text("text " + number);
        }
        for (var number = 39; number >= 0; number--) {
            out.text("text " + number).text("text " + number);
        }
        var in = reader(out);
        for (var number = 0; number < 40; number++) {
            in.skipText();
        }
        for (var number = 39; number >= 0; number--) {
            assertThat(in.text()).isEqualTo("text " + number);
            in.skipText();
        }
        assertThat(in.hasMore()).isFalse();
    }

    @Test
    void skipped_values_leave_the_next_one() {
        var in = reader(new BinaryValueWriter()
                .instant(Instant.EPOCH.minusNanos(1))
                .optionalText(Optional.of(PATH))
                .optionalText(Optional.empty())
                .wide(1)
                .octet(7));

        in.skipInstant();
        in.skipOptionalText();
        in.skipOptionalText();
        in.skip(Long.BYTES);

        assertThat(in.octet()).isEqualTo(7);
        assertDamaged(() -> reader(1).skip(2));
        assertDamaged(() -> reader(0, 2, 'a').skipText());
        assertDamaged(() -> reader(1).skipText());
    }

    @Test
    void skipped_bytes_leave_the_next_value() {
        var in = reader(new BinaryValueWriter().bytes(new byte[300]).octet(7));

        in.skipBytes();

        assertThat(in.octet()).isEqualTo(7);
        reader(2, 1, 1).skipBytes();
    }

    @Test
    void bytes_of_any_length_may_end_a_value() {
        assertThat(reader(new BinaryValueWriter(0).bytes(new byte[300])).bytes())
                .hasSize(300);
    }

    @Test
    void a_value_that_was_cut_short_is_called_damaged() {
        assertDamaged(() -> reader().octet());
        assertDamaged(() -> reader(0x80).number());
        assertDamaged(() -> reader(1, 2, 3, 4, 5, 6, 7).wide());
        assertDamaged(() -> reader(0, 2, 'a').text());
        assertDamaged(() -> reader(2, 1).bytes());
        assertDamaged(() -> reader(2, 1).skipBytes());
    }

    @Test
    void a_reference_to_a_text_that_was_not_read_is_called_damaged() {
        assertDamaged(() -> reader(1).text());
        assertThat(reader(0, 0).text()).isEmpty();
    }

    @Test
    void a_number_of_more_than_ten_bytes_is_called_damaged() {
        assertDamaged(() -> reader(0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1)
                .number());
    }

    @Test
    void a_count_is_a_natural_number() {
        assertThat(reader(new BinaryValueWriter().number(Integer.MAX_VALUE)).count())
                .isEqualTo(Integer.MAX_VALUE);
        assertThat(reader(0).count()).isZero();
        assertDamaged(() -> reader(new BinaryValueWriter().number(-1)).count());
        assertDamaged(() ->
                reader(new BinaryValueWriter().number(Integer.MAX_VALUE + 1L)).count());
    }

    @Test
    void only_known_versions_are_read() {
        assertThat(reader(2).expectVersion(2, 3, "row")).isEqualTo(2);
        assertThat(reader(3).expectVersion(2, 3, "row")).isEqualTo(3);
        for (var version : new int[] {1, 4}) {
            assertThatThrownBy(() -> reader(version).expectVersion(2, 3, "row"))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("row of version " + version);
        }
        assertThatThrownBy(() -> reader(2).expectVersion(1, "row")).isInstanceOf(StoreException.class);
    }

    @Test
    void a_constant_of_a_later_version_is_named() {
        assertThatThrownBy(() -> reader(new BinaryValueWriter().text("WEEKS")).constant(TimeUnit.class))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("'WEEKS'");
    }
}
