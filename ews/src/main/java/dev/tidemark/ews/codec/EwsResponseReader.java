package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.EventsMessage;
import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsNamespaces;
import dev.tidemark.ews.message.EwsOperation;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.ProtocolError;
import dev.tidemark.ews.message.ResponseCodeClassifier;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.values.InvalidValueException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads the responses to requests: envelope and events by the cursor, the rest as a tree of elements. Called
/// by the threads that send requests and read streams. Thread-safe.
public final class EwsResponseReader {
    private static final String ERRORS = "http://schemas.microsoft.com/exchange/services/2006/errors";
    private static final Set<String> IN_RESPONSES = Set.of(EwsNamespaces.MESSAGES, EwsNamespaces.TYPES);
    private static final Set<String> IN_FAULTS =
            Set.of("", EwsNamespaces.SOAP, ERRORS, EwsNamespaces.TYPES, EwsNamespaces.MESSAGES);

    private final ElementTreeReader trees = new ElementTreeReader();

    /// Returns the result of `call` in `body`. A fault is a result as well.
    ///
    /// @param skips tally of the skipped parts
    public <R> EwsResult<R> read(EwsCall<R> call, byte[] body, SkipTally skips) throws MalformedMessageException {
        try (var cursor = XmlCursor.over(body)) {
            moveToBody(cursor);
            if (cursor.is(EwsNamespaces.SOAP, "Fault")) {
                return new EwsResult.Refused<>(ResponseCodeClassifier.classify(fault(cursor)));
            }
            expect(EwsOperation.of(call), cursor);
            if (call instanceof EwsCall.GetEvents get) {
                return EwsResponseMapper.pulledEvents(
                        new EventsMessageReader(cursor, skips).read(EwsOperation.of(get)));
            }
            return new EwsResponseMapper(skips).map(call, trees.read(cursor, IN_RESPONSES));
        } catch (InvalidValueException e) {
            throw new MalformedMessageException("The response is not the message that its first element names.", e);
        }
    }

    /// Returns the content of one envelope of a stream. A fault ends the stream.
    ///
    /// @param skips tally of the skipped parts
    public List<EventsMessage> readStreamed(byte[] envelope, SkipTally skips) throws MalformedMessageException {
        try (var cursor = XmlCursor.over(envelope)) {
            moveToBody(cursor);
            if (cursor.is(EwsNamespaces.SOAP, "Fault")) {
                return List.of(new EventsMessage(Optional.of(fault(cursor)), List.of(), List.of(), true));
            }
            expect(EwsOperation.GET_STREAMING_EVENTS, cursor);
            return new EventsMessageReader(cursor, skips).read(EwsOperation.GET_STREAMING_EVENTS);
        }
    }

    private ProtocolError fault(XmlCursor cursor) throws MalformedMessageException {
        return ProtocolErrorExtractor.ofFault(trees.read(cursor, IN_FAULTS));
    }

    private static void expect(EwsOperation operation, XmlCursor cursor) throws MalformedMessageException {
        var expected = operation.responseName();
        if (!cursor.is(EwsNamespaces.MESSAGES, expected)) {
            throw new MalformedMessageException("The envelope's body is neither a " + expected + " nor a fault.");
        }
    }

    private static void moveToBody(XmlCursor cursor) throws MalformedMessageException {
        if (!cursor.is(EwsNamespaces.SOAP, "Envelope")) {
            throw new MalformedMessageException("The response is not a SOAP 1.1 envelope.");
        }
        while (cursor.nextChild()) {
            if (!cursor.is(EwsNamespaces.SOAP, "Body")) {
                cursor.skip();
            } else if (cursor.nextChild()) {
                return;
            }
        }
        throw new MalformedMessageException("The response's envelope has no body.");
    }
}
