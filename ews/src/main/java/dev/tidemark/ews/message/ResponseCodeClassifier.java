package dev.tidemark.ews.message;

import dev.tidemark.values.ResponseCode;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Maps an EWS response code to the next step of the caller, by the table in `response-codes.txt`. Retries an
/// unknown code, which does least harm. Called by all threads that read responses; has no state.
public final class ResponseCodeClassifier {
    private static final String WRAPPER = "ErrorInternalServerError";

    enum Reaction {
        RETRY,
        RETRY_NARROWER,
        RESUBSCRIBE,
        RESUBSCRIBE_AND_RESYNC,
        DROP_SYNC_STATE,
        FOLDER_GONE,
        REDISCOVER,
        PERMANENT_FOR_MAILBOX,
        PERMANENT_FOR_CONNECTION,
        /// Concerns one item of many. If it refuses a whole request, that request is retried.
        ONE_OBJECT,
        /// Unknown; the request is retried.
        UNEXPECTED
    }

    private static final Map<String, Reaction> BY_CODE = ReactionTable.read();

    private ResponseCodeClassifier() {}

    public static EwsError classify(ProtocolError problem) {
        if (problem.code().equals(WRAPPER)
                && problem.innerCode().filter(code -> !code.equals(WRAPPER)).isPresent()) {
            return classify(new ProtocolError(
                    problem.innerCode().orElseThrow(), problem.innerCode(), problem.text(), problem.backOff()));
        }
        var code = new ResponseCode(problem.code());
        var text = problem.text();
        return switch (reactionTo(problem.code())) {
            case RETRY, ONE_OBJECT, UNEXPECTED -> new EwsError.RetryAfter(code, text, problem.backOff());
            case RETRY_NARROWER -> new EwsError.RetryNarrower(code, text);
            case RESUBSCRIBE -> new EwsError.ResubscribeFromWatermark(code, text);
            case RESUBSCRIBE_AND_RESYNC -> new EwsError.ResubscribeAndResync(code, text);
            case DROP_SYNC_STATE -> new EwsError.DropSyncState(code, text);
            case FOLDER_GONE -> new EwsError.FolderGone(code, text);
            case REDISCOVER -> new EwsError.Rediscover(code, text);
            case PERMANENT_FOR_MAILBOX -> new EwsError.PermanentForMailbox(code, text);
            case PERMANENT_FOR_CONNECTION -> new EwsError.PermanentForConnection(code, text);
        };
    }

    /// Returns the codes that Tidemark expects for a whole request.
    static Set<ResponseCode> known() {
        return BY_CODE.entrySet().stream()
                .filter(entry -> entry.getValue() != Reaction.UNEXPECTED && entry.getValue() != Reaction.ONE_OBJECT)
                .map(entry -> new ResponseCode(entry.getKey()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Returns whether the code means that the same request may succeed later. Returns false for an unknown
    /// code, so no caller waits for an item that never comes.
    static boolean isTemporary(String code) {
        return switch (reactionTo(code)) {
            case RETRY, RETRY_NARROWER, REDISCOVER -> true;
            case RESUBSCRIBE,
                    RESUBSCRIBE_AND_RESYNC,
                    DROP_SYNC_STATE,
                    FOLDER_GONE,
                    PERMANENT_FOR_MAILBOX,
                    PERMANENT_FOR_CONNECTION,
                    ONE_OBJECT,
                    UNEXPECTED -> false;
        };
    }

    /// Returns whether the code may concern one item or folder of many, and not the whole request.
    public static boolean concernsOneObject(String code) {
        return code.equals("ErrorAccessDenied")
                || switch (reactionTo(code)) {
                    case ONE_OBJECT, UNEXPECTED, FOLDER_GONE -> true;
                    case RETRY,
                            RETRY_NARROWER,
                            RESUBSCRIBE,
                            RESUBSCRIBE_AND_RESYNC,
                            DROP_SYNC_STATE,
                            REDISCOVER,
                            PERMANENT_FOR_MAILBOX,
                            PERMANENT_FOR_CONNECTION -> false;
                };
    }

    private static Reaction reactionTo(String code) {
        if (code.startsWith("ErrorWrongServerVersion")) {
            return Reaction.REDISCOVER;
        }
        if (code.startsWith("ErrorNoDestinationCASDueTo")) {
            return Reaction.PERMANENT_FOR_CONNECTION;
        }
        return BY_CODE.getOrDefault(code, Reaction.UNEXPECTED);
    }
}
