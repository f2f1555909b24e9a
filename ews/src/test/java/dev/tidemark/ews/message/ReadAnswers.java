package dev.tidemark.ews.message;

import dev.tidemark.ews.codec.EwsResponseReader;
import dev.tidemark.values.SkippedParts;
import java.util.List;

/// Reads responses, and keeps the skipped parts of the last one.
public final class ReadAnswers {
    private final EwsResponseReader reader = new EwsResponseReader();
    private SkipTally skips = new SkipTally("");

    public <R> EwsResult<R> read(EwsCall<R> call, byte[] body) throws MalformedMessageException {
        skips = new SkipTally(EwsOperation.of(call).requestName());
        return reader.read(call, body, skips);
    }

    /// Returns the value of a response; requires a success.
    <R> R value(EwsCall<R> call, byte[] body) throws MalformedMessageException {
        return ((EwsResult.Success<R>) read(call, body)).value();
    }

    List<EventsMessage> readStreamed(byte[] envelope) throws MalformedMessageException {
        skips = new SkipTally(EwsOperation.GET_STREAMING_EVENTS.requestName());
        return reader.readStreamed(envelope, skips);
    }

    SkippedParts skipped() {
        return skips.parts();
    }
}
