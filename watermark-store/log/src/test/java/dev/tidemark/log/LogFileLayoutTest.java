package dev.tidemark.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

final class LogFileLayoutTest {
    @Test
    void names_have_the_same_digits_in_every_locale() {
        var usual = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(LogFileLayout.name(LogFileLayout.SEGMENT, 1042)).isEqualTo("segment-00000000000000001042");
            assertThat(LogFileLayout.lsn("segment-00000000000000001042", LogFileLayout.SEGMENT))
                    .isEqualTo(1042);
        } finally {
            Locale.setDefault(usual);
        }
    }
}
