package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import java.time.Duration;
import java.util.Set;

/// What a failure's code tells beyond its class. Codes that start with `Http` or `Connection` are our own,
/// for what never became an answer of EWS.
public final class EwsErrorTraits {
    private static final Set<String> FOR_EVERYBODY = Set.of(
            "Http429",
            "Http503",
            "ConnectionRefused",
            "ConnectionUnknownHost",
            "ConnectionTls",
            "AutodiscoverServerBusy");
    private static final Set<String> OF_THE_ACCOUNT = Set.of("ConnectionToken", "ConnectionLogin");
    private static final Set<String> NEVER_SENT =
            Set.of("ConnectionRefused", "ConnectionUnknownHost", "ConnectionTls", "ConnectionCrowded");
    private static final Set<String> UNREAD = Set.of("HttpUnreadable", "HttpDamagedMessage", "HttpTooLarge");
    private static final Set<String> DOUBTED = Set.of("Http401", "Http440");
    private static final Set<String> OF_A_FOLDER = Set.of(
            "CursorWithoutProgress",
            "HttpDamagedMessage",
            "HttpTooLarge",
            "ErrorInternalServerError",
            "ErrorTimeoutExpired");
    private static final Set<String> OURS = Set.of("ConnectionClosed", "ConnectionInterrupted");

    private EwsErrorTraits() {}

    /// Not this request is the trouble, but the way to Exchange or the whole of it. A lone time-out or a
    /// broken connection is too weak a sign.
    public static boolean concernsAllMailboxes(EwsError error) {
        return FOR_EVERYBODY.contains(error.code().value())
                || (hasRequestedWait(error)
                        && (isUncertainLogin(error)
                                || OF_THE_ACCOUNT.contains(error.code().value())));
    }

    /// Credentials that have worked are refused, which may be a way to say that the server is busy. Where
    /// only one request met it, no time is named.
    static boolean isUncertainLogin(EwsError error) {
        return error instanceof EwsError.RetryAfter
                && DOUBTED.contains(error.code().value());
    }

    /// Somebody's budget is used up: Exchange says so, or names a time to wait for.
    public static boolean isBusy(EwsError.RetryAfter error) {
        return hasRequestedWait(error)
                || isUncertainLogin(error)
                || error.code().value().equals("ErrorServerBusy");
    }

    private static boolean hasRequestedWait(EwsError error) {
        return error instanceof EwsError.RetryAfter retry
                && retry.backOff().filter(Duration::isPositive).isPresent();
    }

    /// Returns whether a kept connection was closed before the first byte of a response. This proves nothing about
    /// Exchange: the request is made again at once, on a new connection.
    public static boolean isStale(EwsResult<?> answer) {
        return answer instanceof EwsResult.Refused<?>(EwsError error)
                && error.code().value().equals("ConnectionStale");
    }

    /// Exchange may have done what was asked, only its answer is missing.
    public static boolean isLostResponse(EwsError error) {
        var code = error.code().value();
        return (code.startsWith("Connection") && !NEVER_SENT.contains(code))
                || UNREAD.contains(code)
                || (code.startsWith("Http5") && !FOR_EVERYBODY.contains(code));
    }

    /// Returns whether the connection may be at fault: EWS did not respond, or an operator must change something
    /// that may not belong to this mailbox.
    static boolean mayConcernConnection(EwsError error) {
        return switch (error) {
            case EwsError.PermanentForConnection ignored -> true;
            case EwsError.RetryAfter retry -> !isFromExchange(retry) && !isCausedByTidemark(retry);
            // the front end failed to reach a server for it
            case EwsError.PermanentForMailbox permanent ->
                permanent.code().value().equals("HttpCasError");
            case EwsError.RetryNarrower ignored -> false;
            case EwsError.ResubscribeFromWatermark ignored -> false;
            case EwsError.ResubscribeAndResync ignored -> false;
            case EwsError.DropSyncState ignored -> false;
            case EwsError.FolderGone ignored -> false;
            case EwsError.Rediscover ignored -> false;
        };
    }

    /// Returns whether EWS itself responded to the request, so the connection works.
    static boolean provesConnection(EwsError error) {
        return isFromExchange(error) && !(error instanceof EwsError.PermanentForConnection);
    }

    public static boolean isFromExchange(EwsError error) {
        return error.code().value().startsWith("Error");
    }

    /// Returns whether the request failed before the server could learn its mailbox.
    static boolean isBeforeAnyMailbox(EwsError error) {
        var code = error.code().value();
        return NEVER_SENT.contains(code)
                || (error instanceof EwsError.PermanentForConnection && code.startsWith("Connection"));
    }

    /// Exchange was not reached, or something in front of it answered in its place.
    static boolean isNoResponse(EwsError error) {
        var code = error.code().value();
        return (code.startsWith("Connection") && !OURS.contains(code) && !code.equals("ConnectionCrowded"))
                || code.startsWith("Http5");
    }

    /// Returns whether nothing was sent, because of a back-off.
    public static boolean isBackoff(SubscriptionOutcome.RetryAt outcome) {
        return outcome.code().equals(ConnectionGate.PAUSED);
    }

    /// Returns whether the error concerns this mailbox. A busy Exchange does not count, nor does a move to another
    /// server, which takes a while.
    public static boolean concernsMailbox(EwsError error) {
        return !isNoResponse(error)
                && !concernsAllMailboxes(error)
                && !isCausedByTidemark(error)
                && !(error instanceof EwsError.RetryNarrower)
                && !(error instanceof EwsError.Rediscover)
                && !(error instanceof EwsError.RetryAfter retry && isBusy(retry));
    }

    /// What is in the folder that was asked for may be the cause, so that others of the mailbox can be read.
    public static boolean mayConcernFolder(EwsError error) {
        return error instanceof EwsError.DropSyncState
                || (error instanceof EwsError.RetryAfter retry
                        && !isBusy(retry)
                        && OF_A_FOLDER.contains(error.code().value()));
    }

    /// We ended the request ourselves.
    public static boolean isCausedByTidemark(EwsError error) {
        return OURS.contains(error.code().value());
    }

    /// Subscriptions that died count until they time out, one status frequency at most; asking earlier only
    /// gives the same answer (docs, ews-throttling).
    public static boolean isTooManySubscriptions(EwsError error) {
        return error.code().value().equals("ErrorExceededSubscriptionCount");
    }
}
