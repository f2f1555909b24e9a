package dev.tidemark.ews;

import dev.tidemark.values.SkippedParts;
import java.util.List;

/// Reads responses, and keeps the parts that the last reading passed over.
final class ReadAnswers {
    private final AnswerReader reader = new AnswerReader();
    private SkipTally skips = new SkipTally("");

    <R> EwsAnswer<R> read(EwsCall<R> call, byte[] body) throws MalformedMessageException {
        skips = new SkipTally(Operation.of(call).requestName());
        return reader.read(call, body, skips);
    }

    /// Returns the value of a response; requires a success.
    <R> R value(EwsCall<R> call, byte[] body) throws MalformedMessageException {
        return ((EwsAnswer.Success<R>) read(call, body)).value();
    }

    List<EventsMessage> readStreamed(byte[] envelope) throws MalformedMessageException {
        skips = new SkipTally(Operation.GET_STREAMING_EVENTS.requestName());
        return reader.readStreamed(envelope, skips);
    }

    SkippedParts skipped() {
        return skips.parts();
    }
}
