package dev.tidemark.ews.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextFilesTest {
    private static final String TEXT = "größe: 1\r\n𝄞\rlast";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "UTF-8, ''",
        "UTF-8, efbbbf",
        "UTF-16LE, fffe",
        "UTF-16BE, feff",
        "UTF-32LE, fffe0000",
        "UTF-32BE, 0000feff"
    })
    void text_is_read_in_every_encoding_that_tools_write(Charset charset, String mark) throws Exception {
        var file = Files.write(folder.resolve("text"), marked(mark, TEXT.getBytes(charset)));
        assertThat(TextFiles.read(file)).isEqualTo("größe: 1\n𝄞\nlast");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "efbbbf", "fffe", "feff", "fffe0000"})
    void a_file_of_nothing_is_empty(String mark) throws Exception {
        assertThat(TextFiles.decode(HexFormat.of().parseHex(mark))).isEmpty();
    }

    @Test
    void ansi_text_is_refused_by_line_and_encoding() {
        var ansi = "one\r\ntwo\r\ngr\u00f6\u00dfe".getBytes(Charset.forName("windows-1252"));
        assertThatExceptionOfType(UnreadableTextException.class)
                .isThrownBy(() -> TextFiles.decode(ansi))
                .withMessage("the text is not UTF-8 (byte F6, as in Windows-1252); save the file as UTF-8")
                .returns(3, UnreadableTextException::line);
    }

    @Test
    void a_character_cut_off_at_the_end_is_refused() {
        assertThatExceptionOfType(UnreadableTextException.class)
                .isThrownBy(() -> TextFiles.decode(new byte[] {'a', '\n', (byte) 0xe2, (byte) 0x82}))
                .returns(2, UnreadableTextException::line);
        assertThatExceptionOfType(UnreadableTextException.class)
                .isThrownBy(() -> TextFiles.decode(marked("fffe", new byte[] {'a', 0, 'b'})))
                .withMessageContaining("not UTF-16LE, as its byte order mark shows");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
    void utf_16_without_a_mark_is_refused_and_named(String charset) {
        assertThatExceptionOfType(UnreadableTextException.class)
                .isThrownBy(() -> TextFiles.decode("one\ntwo".getBytes(Charset.forName(charset))))
                .withMessageContaining("UTF-16 without a byte order mark")
                .returns(1, UnreadableTextException::line);
    }

    @Test
    void what_is_ascii_in_all_that_matters_may_hold_remarks_in_any_encoding() {
        var pem = "issuer: M\u00fcller\n-----BEGIN CERTIFICATE-----\nAAAA\n";
        var ansi = pem.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(TextFiles.ascii(ansi)).isEqualTo(ansi);
        var wide = marked("fffe", pem.getBytes(StandardCharsets.UTF_16LE));
        assertThat(new String(TextFiles.ascii(wide), StandardCharsets.US_ASCII)).isEqualTo(pem.replace('ü', '?'));
    }

    private static byte[] marked(String mark, byte[] content) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(HexFormat.of().parseHex(mark));
        bytes.writeBytes(content);
        return bytes.toByteArray();
    }
}
