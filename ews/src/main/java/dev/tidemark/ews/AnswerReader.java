package dev.tidemark.ews;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.dataformat.xml.XmlMapper;
import tools.jackson.dataformat.xml.annotation.JacksonXmlText;

/// Reads the answers to requests: envelope and namespaces on the stream reader, the rest by Jackson, which
/// would ignore namespaces. Safe for use by many threads.
final class AnswerReader {
    private static final String ERRORS = "http://schemas.microsoft.com/exchange/services/2006/errors";
    private static final Set<String> IN_ANSWERS = Set.of(Namespaces.MESSAGES, Namespaces.TYPES);
    private static final Set<String> IN_FAULTS =
            Set.of("", Namespaces.SOAP, ERRORS, Namespaces.TYPES, Namespaces.MESSAGES);

    private final XmlMapper mapper = XmlMapper.builder()
            .defaultUseWrapper(false)
            .propertyNamingStrategy(PropertyNamingStrategies.UPPER_CAMEL_CASE)
            .changeDefaultVisibility(checker -> checker.withFieldVisibility(JsonAutoDetect.Visibility.NON_PRIVATE))
            .addMixIn(Wire.Fault.class, FaultNames.class)
            .addMixIn(Wire.Item.class, ItemNames.class)
            .addMixIn(Wire.Value.class, TextBetweenTags.class)
            .addMixIn(Wire.Messages.class, Collecting.class)
            .addMixIn(Wire.Changes.class, Collecting.class)
            .addMixIn(Wire.Change.class, Collecting.class)
            .addMixIn(Wire.Items.class, Collecting.class)
            .addMixIn(Wire.Folders.class, Collecting.class)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /// What `body` says in answer to `call`; a fault is an answer too.
    <R> EwsAnswer<R> read(EwsCall<R> call, byte[] body) throws MalformedMessageException {
        try (var cursor = XmlCursor.over(body)) {
            toAnswer(cursor);
            if (cursor.is(Namespaces.SOAP, "Fault")) {
                return new EwsAnswer.Refused<>(Reactions.to(fault(cursor)));
            }
            expect(Operation.of(call), cursor);
            if (call instanceof EwsCall.GetEvents get) {
                return AnswerMapping.pulled(new EventsMessageReader(cursor).read(Operation.of(get)));
            }
            return AnswerMapping.map(call, mapper.readValue(cursor.only(IN_ANSWERS), Wire.Answer.class));
        } catch (IOException | JacksonException | InvalidValueException e) {
            throw new MalformedMessageException("The answer is not the message that its first element promises.", e);
        }
    }

    /// What one envelope of a stream says; a fault ends the stream.
    List<EventsMessage> readStreamed(byte[] envelope) throws MalformedMessageException {
        try (var cursor = XmlCursor.over(envelope)) {
            toAnswer(cursor);
            if (cursor.is(Namespaces.SOAP, "Fault")) {
                return List.of(new EventsMessage(Optional.of(fault(cursor)), List.of(), List.of(), true));
            }
            expect(Operation.GET_STREAMING_EVENTS, cursor);
            return new EventsMessageReader(cursor).read(Operation.GET_STREAMING_EVENTS);
        } catch (IOException | JacksonException | InvalidValueException e) {
            throw new MalformedMessageException("The streamed envelope is not a message with events.", e);
        }
    }

    private Problem fault(XmlCursor cursor) throws IOException {
        return Problems.of(mapper.readValue(cursor.only(IN_FAULTS), Wire.Fault.class));
    }

    private static void expect(Operation operation, XmlCursor cursor) throws MalformedMessageException {
        var expected = operation.responseName();
        if (!cursor.is(Namespaces.MESSAGES, expected)) {
            throw new MalformedMessageException("The envelope's body is neither a " + expected + " nor a fault.");
        }
    }

    private static void toAnswer(XmlCursor cursor) throws MalformedMessageException {
        if (!cursor.is(Namespaces.SOAP, "Envelope")) {
            throw new MalformedMessageException("The answer is not a SOAP 1.1 envelope.");
        }
        while (cursor.nextChild()) {
            if (!cursor.is(Namespaces.SOAP, "Body")) {
                cursor.skip();
            } else if (cursor.nextChild()) {
                return;
            }
        }
        throw new MalformedMessageException("The answer's envelope has no body.");
    }

    /// A fault's parts have no namespace and small initials (SOAP 1.1, section 4.4).
    interface FaultNames {
        @JsonProperty("faultcode")
        String faultcode();

        @JsonProperty("faultstring")
        String faultstring();

        @JsonProperty("detail")
        Wire.FaultDetail detail();
    }

    interface ItemNames {
        @JsonProperty("UID")
        String uid();
    }

    interface TextBetweenTags {
        @JacksonXmlText
        String text();
    }

    /// Each class takes the one method that it has.
    interface Collecting {
        @JsonAnySetter
        void add(String name, Wire.Message message);

        @JsonAnySetter
        void add(String name, Wire.Change change);

        @JsonAnySetter
        void add(String kind, Wire.Item item);

        @JsonAnySetter
        void add(String kind, Wire.Folder folder);
    }
}
