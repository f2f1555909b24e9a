package dev.tidemark.ews.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.ews.message.MalformedMessageException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads messages whose declaration and bytes disagree.
class XmlEncodingTest {
    /// veewee/xml #75 and microsoft/AL #630: a text in memory is UTF-16, and its declaration stays when it is sent as
    /// UTF-8. The other labels are unknown, or known to other platforms only.
    @ParameterizedTest
    @ValueSource(strings = {"utf-16", "UTF-16LE", "utf-32", "unicode", "ucs-2", "x-user-defined", "IBM037"})
    void a_declaration_that_the_bytes_disprove_is_ignored(String label) throws Exception {
        for (var before : new String[] {"", "\uFEFF", "\r\n "}) {
            assertThat(text(utf8(before + declared(label) + "<a>x</a>"))).isEqualTo("x");
            assertThat(text(utf8(before + declared(label) + "<a>\u20ac\u0001&#x1F;</a>")))
                    .isEqualTo("\u20ac\uFFFD\uFFFD");
        }
    }

    /// The forbidden character needs the declared encoding twice: to find it, and to read the rest.
    @ParameterizedTest
    @ValueSource(strings = {"utf8", "ISO-8859-15", "windows-1250", "latin1", "cp1252", "GB2312"})
    void a_forbidden_character_is_replaced_in_every_encoding_that_agrees_with_ascii(String label) throws Exception {
        var message = declared(label) + "<a>\u0001&#x1;\u00a7</a>";

        assertThat(text(message.getBytes(Charset.forName(label)))).isEqualTo("\uFFFD\uFFFD\u00a7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "utf-8"})
    void a_declaration_that_is_right_counts(String label) throws Exception {
        var message = declared(label) + "<a>\u00e4</a>";

        assertThat(text(message.getBytes(Charset.forName(label)))).isEqualTo("\u00e4");
    }

    /// The parser alone decides about a declaration that is damaged otherwise.
    @Test
    void a_damaged_declaration_stays_refused() {
        for (var damaged :
                new String[] {"<?xml version='2.0'?>", "<?xml encoding='utf-8'?>", "<?XML version='1.0'?>"}) {
            assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> text(utf8(damaged + "<a/>")));
        }
    }

    private static byte[] utf8(String message) {
        return message.getBytes(StandardCharsets.UTF_8);
    }

    private static String declared(String label) {
        return "<?xml version=\"1.0\" encoding=\"" + label + "\"?>";
    }

    private static String text(byte[] message) throws MalformedMessageException {
        return XmlCursor.over(message).text();
    }
}
