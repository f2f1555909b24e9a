package dev.tidemark.ews.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.ews.message.MalformedMessageException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads every forbidden character at every place through the cursor, which all readers use.
class XmlCharactersTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "&#0;",
                "&#x0;",
                "&#00;",
                "&#x1F;",
                "&#8;",
                "&#xFFFE;",
                "&#xFFFF;",
                "&#65535;",
                "&#xD800;",
                "&#xdfff;",
                "&#x110000;",
                "&#99999999999999999999;",
                "\u0000",
                "\u001f",
                "\u000b",
                "\uFFFE",
                "\uFFFF"
            })
    void replaces_a_forbidden_character_in_text_and_in_an_attribute(String forbidden) throws Exception {
        assertThat(text("<a>x" + forbidden + "y</a>")).isEqualTo("x\uFFFDy");
        assertThat(attribute("<a b='x" + forbidden + "y'/>")).isEqualTo("x\uFFFDy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\u001f", "\uFFFE"})
    void replaces_a_forbidden_character_in_a_section_and_a_comment(String forbidden) throws Exception {
        assertThat(text("<a><![CDATA[x" + forbidden + "<y]]></a>")).isEqualTo("x\uFFFD<y");
        assertThat(text("<a>x<!-- " + forbidden + " -->y</a>")).isEqualTo("xy");
    }

    @Test
    void a_reference_in_a_section_is_text() throws Exception {
        assertThat(text("<a><![CDATA[&#0;]]>&#0;<!-- &#0; --></a>")).isEqualTo("&#0;\uFFFD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "&#9;|\t",
                "&#xA;|\n",
                "&#xD;|\r",
                "&#x20;| ",
                "&#xE000;|\uE000",
                "&#xFFFD;|\uFFFD",
                "&#x10FFFF;|\uDBFF\uDFFF"
            })
    void keeps_what_is_allowed(String pair) throws Exception {
        var parts = pair.split("\\|", -1);

        assertThat(text("<a>x" + parts[0] + "y</a>")).isEqualTo("x" + parts[1] + "y");
        assertThat(text("<a>\u0000" + parts[0] + "y</a>")).isEqualTo("\uFFFD" + parts[1] + "y");
    }

    @Test
    void keeps_every_allowed_character_as_it_is() throws Exception {
        var all = IntStream.rangeClosed(0x20, 0x10FFFF)
                .filter(each -> each != '<' && each != '&' && each != '>')
                .filter(each -> each < 0xD800 || (each > 0xDFFF && each < 0xFFFE) || each > 0xFFFF)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        var message = "<a>" + all + "</a>";

        assertThat(XmlCharacters.areAllowed(message.getBytes(StandardCharsets.UTF_8)))
                .isTrue();
        assertThat(XmlCharacters.repaired(message)).isEqualTo(message);
    }

    /// Returns lone and impossible bytes, overlong forms, a surrogate, and a code beyond Unicode.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0080",
                "\u00C0",
                "\u00C1",
                "\u00E9",
                "\u00F5",
                "\u00FF",
                "\u00C0\u00AF",
                "\u00E0\u0080\u00AF",
                "\u00F0\u0080\u0080\u00AF",
                "\u00ED\u00A0\u0080",
                "\u00F4\u0090\u0080\u0080"
            })
    void replaces_bytes_that_are_no_character(String bytes) throws Exception {
        var message = ("<a>x" + bytes + "y</a>").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(cursor(message).text()).matches("x\uFFFD+y");
    }

    @Test
    void finds_each_forbidden_byte_at_every_place() {
        for (var place = 0; place < 24; place++) {
            for (var value = 0; value < 256; value++) {
                var message = "a".repeat(24).getBytes(StandardCharsets.US_ASCII);
                message[place] = (byte) value;
                var allowed = value == '\t' || value == '\n' || value == '\r' || (value >= ' ' && value < 0x80);

                assertThat(XmlCharacters.areAllowed(message)).isEqualTo(allowed);
            }
        }
    }

    @Test
    void a_character_cut_at_the_end_does_not_leave_the_message_unread() {
        var cut = new byte[] {'<', 'a', '/', '>', (byte) 0xE2, (byte) 0x82};

        assertThat(XmlCharacters.areAllowed(cut)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "windows-1252"})
    void replaces_in_every_encoding_that_servers_use(String encoding) throws Exception {
        var message = "<?xml version=\"1.0\" encoding='" + encoding + "'?><a>\u00e4\u0001&#x1;</a>";

        assertThat(cursor(message.getBytes(Charset.forName(encoding))).text()).isEqualTo("\u00e4\uFFFD\uFFFD");
    }

    @Test
    void a_byte_order_mark_is_no_text() throws Exception {
        for (var charset :
                new Charset[] {StandardCharsets.UTF_8, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE}) {
            assertThat(cursor("\uFEFF<a>x\u0001</a>".getBytes(charset)).text()).isEqualTo("x\uFFFD");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a>&#;</a>",
                "<a>&#x;</a>",
                "<a>&#xZZ;</a>",
                "<a>&#0</a>",
                "<a>&nbsp;</a>",
                "<a>\u0000",
                "<a>\u0000</b>",
                "<a b=\u0000/>",
                "<!DOCTYPE a [<!ENTITY e '&#0;'>]><a>&e;</a>"
            })
    void damaged_markup_stays_refused(String message) {
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> {
            var cursor = cursor(message.getBytes(StandardCharsets.UTF_8));
            cursor.text();
            cursor.finish();
        });
    }

    /// A backtracking regular expression would overflow the stack.
    @Test
    void reads_a_large_message_with_many_of_them() throws Exception {
        var text = "&#0;<![CDATA[\u0001]]><!-- \u0001 -->".repeat(100_000);

        var message = ("<a>" + text + "</a>").getBytes(StandardCharsets.UTF_8);
        assertThat(new ElementTreeReader().read(cursor(message), Set.of()).text())
                .hasSize(200_000);
    }

    /// A search for the end from each start would take hours; the parser refuses the message anyway.
    @ParameterizedTest
    @ValueSource(strings = {"<!--", "<![CDATA[", "<!-- ", "<![CDATA[]]"})
    @Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void reads_a_section_without_end_once(String start) {
        var message = ("<a>\u0001" + start.repeat((4 << 20) / start.length())).getBytes(StandardCharsets.UTF_8);

        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> cursor(message).text());
    }

    private static String text(String message) throws MalformedMessageException {
        return cursor(message.getBytes(StandardCharsets.UTF_8)).text();
    }

    private static String attribute(String message) throws MalformedMessageException {
        return cursor(message.getBytes(StandardCharsets.UTF_8)).attribute("b").orElseThrow();
    }

    private static XmlCursor cursor(byte[] message) throws MalformedMessageException {
        return XmlCursor.over(message);
    }
}
