package dev.tidemark.ews;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tidemark.ews.codec.EwsResponseReader;
import dev.tidemark.ews.message.EwsOperation;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.SkipTally;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Fuzzes a stream of envelopes, which a server sends in pieces of any size and without an end.
final class EventStreamFuzzTest {
    private static final EwsResponseReader READER = new EwsResponseReader();

    /// Documents of a stream, and the reason for its end.
    private record Split(List<String> documents, String end) {}

    @DictionaryFile(resourcePath = "/soap.dict")
    @FuzzTest
    void pieces_of_any_size_give_the_same_envelopes(FuzzedDataProvider data) throws IOException {
        var piece = data.consumeInt(1, 9);
        var stream = data.consumeRemainingAsBytes();
        var whole = split(stream, stream.length + 1);
        assertThat(split(stream, piece)).isEqualTo(whole);
        assertThat(String.join("", whole.documents()).length()).isLessThanOrEqualTo(stream.length);
        whole.documents().forEach(EventStreamFuzzTest::read);
    }

    private static Split split(byte[] stream, int piece) throws IOException {
        var in = new ByteArrayInputStream(stream);
        var splitter = new EnvelopeSplitter(into -> in.read(into, 0, Math.min(piece, into.length)));
        var documents = new ArrayList<String>();
        try {
            for (var next = splitter.next(); next.isPresent(); next = splitter.next()) {
                documents.add(new String(next.get(), StandardCharsets.ISO_8859_1));
            }
            return new Split(documents, "");
        } catch (EOFException | MalformedMessageException refused) {
            return new Split(documents, String.valueOf(refused.getMessage()));
        }
    }

    private static void read(String document) {
        try {
            var skips = new SkipTally(EwsOperation.GET_STREAMING_EVENTS.requestName());
            assertThat(READER.readStreamed(document.getBytes(StandardCharsets.ISO_8859_1), skips))
                    .isNotEmpty();
        } catch (MalformedMessageException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
