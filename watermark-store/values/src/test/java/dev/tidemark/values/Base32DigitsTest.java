package dev.tidemark.values;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class Base32DigitsTest {
    @Test
    void every_digit_stands_for_its_five_bits() {
        var seen = new HashSet<Character>();
        for (var value = 0; value < 32; value++) {
            assertThat(Base32Digits.value(Base32Digits.digit(value))).isEqualTo(value);
            seen.add(Base32Digits.digit(value));
        }
        assertThat(seen).hasSize(32);
        assertThat("" + Base32Digits.digit(0) + Base32Digits.digit(25) + Base32Digits.digit(26)
                        + Base32Digits.digit(31))
                .isEqualTo("az27");
    }

    @Test
    void only_the_lowest_five_bits_count() {
        assertThat(Base32Digits.digit(0b11_00001)).isEqualTo('b');
        assertThat(Base32Digits.digit(-1)).isEqualTo('7');
    }

    @Test
    void random_digits_use_the_whole_alphabet() {
        var text = Base32Digits.random(new Random(7), 10_000);
        assertThat(text).hasSize(10_000).matches("[a-z2-7]*");
        assertThat(text.chars().distinct().count()).isEqualTo(32);
    }
}
