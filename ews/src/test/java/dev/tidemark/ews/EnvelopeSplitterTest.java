package dev.tidemark.ews;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.ews.message.MalformedMessageException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeSplitterTest {
    private static final String FIRST = "<?xml version='1.0'?><e a='>' b=\"'/>\"><x/><!-- </e> > --><y>ü</y></e>";
    private static final String SECOND = "<e><![CDATA[</e>]]></e >";
    private static final String THIRD = "<e/>";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8192})
    void documents_are_cut_where_their_root_ends(int piece) throws Exception {
        assertThat(split(FIRST + SECOND + "\r\n " + THIRD + "\uFEFF" + FIRST + "\n", piece))
                .containsExactly(FIRST, SECOND, THIRD, FIRST);
    }

    @Test
    void a_document_is_given_before_the_next_is_awaited() throws Exception {
        var splitter = new EnvelopeSplitter(new EnvelopeSplitter.Source() {
            private boolean given;

            @Override
            public int read(byte[] into) throws IOException {
                if (given) {
                    throw new IOException("It waits.");
                }
                given = true;
                var bytes = SECOND.getBytes(StandardCharsets.UTF_8);
                System.arraycopy(bytes, 0, into, 0, bytes.length);
                return bytes.length;
            }
        });

        assertThat(splitter.next()).isPresent();
    }

    @Test
    void a_stream_without_documents_is_empty() throws Exception {
        assertThat(split("", 1)).isEmpty();
        assertThat(split(" \n", 1)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"<e>", "<e></e", "<e/><", "<?xml version='1.0'?>", "<e><!--></e>", "<e a='></e>"})
    void a_document_that_breaks_off_is_none(String text) {
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> split(text, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "<e/>text", "</e>", "<!DOCTYPE e><e/>", "<e/>{}"})
    void what_is_no_document_is_refused(String text) {
        assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> split(text, 3));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8192})
    void control_characters_are_left_to_the_reader(int piece) throws Exception {
        var odd = "<e a='\u0000'>\u001f&#x1F;\uFFFE</e>";

        assertThat(split(odd + "\u0000" + THIRD, piece)).containsExactly(odd, THIRD);
    }

    @Test
    void a_document_without_end_does_not_fill_the_memory() {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> new EnvelopeSplitter(into -> {
                            Arrays.fill(into, (byte) '<');
                            return into.length;
                        })
                        .next());
    }

    private static List<String> split(String text, int piece) throws Exception {
        var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        var splitter = new EnvelopeSplitter(into -> in.read(into, 0, Math.min(piece, into.length)));
        var found = new ArrayList<String>();
        for (var next = splitter.next(); next.isPresent(); next = splitter.next()) {
            found.add(new String(next.get(), StandardCharsets.UTF_8));
        }
        return found;
    }
}
