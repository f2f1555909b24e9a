package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsCall;
import dev.tidemark.ews.message.EwsOperation;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.SkipTally;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Reads responses of the model's Exchange as the HTTP client does, without HTTP.
public final class WireAnswers {
    private final HttpReplyInterpreter replies = new HttpReplyInterpreter();

    /// Returns the response to a call in an envelope.
    public <R> EwsResult<R> read(EwsCall<R> call, String envelope) {
        return read(call, 200, Map.of(), envelope);
    }

    /// Returns the response of any status. `headers` are those that the client reads.
    public <R> EwsResult<R> read(EwsCall<R> call, int status, Map<String, String> headers, String body) {
        var skips = new SkipTally(EwsOperation.of(call).requestName());
        return replies.interpret(new HttpReply(status, headers, body.getBytes(StandardCharsets.UTF_8)), call, skips);
    }
}
