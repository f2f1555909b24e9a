package dev.tidemark.ews;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Reads what the model's Exchange sends as the client over HTTP does, without HTTP.
public final class WireAnswers {
    private final Replies replies = new Replies();

    /// Returns what an envelope says in answer to a call.
    public <R> EwsAnswer<R> read(EwsCall<R> call, String envelope) {
        return read(call, 200, Map.of(), envelope);
    }

    /// Returns what an answer of any status says. `headers` are those that the client looks at.
    public <R> EwsAnswer<R> read(EwsCall<R> call, int status, Map<String, String> headers, String body) {
        var skips = new SkipTally(Operation.of(call).requestName());
        return replies.answer(new HttpReply(status, headers, body.getBytes(StandardCharsets.UTF_8)), call, skips);
    }
}
