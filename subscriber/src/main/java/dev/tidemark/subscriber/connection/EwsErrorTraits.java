package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import java.time.Duration;
import java.util.Set;

/// Derives properties of an error from its code, beyond its class. Codes that start with `Http` or `Connection`
/// are Tidemark's own, for requests without a response of EWS.
public final class EwsErrorTraits {
    private static final Set<String> OF_ALL_MAILBOXES = Set.of(
            "Http429",
            "Http503",
            "ConnectionRefused",
            "ConnectionUnknownHost",
            "ConnectionTls",
            "AutodiscoverServerBusy");
    private static final Set<String> OF_ACCOUNT = Set.of("ConnectionToken", "ConnectionLogin");
    private static final Set<String> NEVER_SENT =
            Set.of("ConnectionRefused", "ConnectionUnknownHost", "ConnectionTls", "ConnectionCrowded");
    private static final Set<String> UNREADABLE = Set.of("HttpUnreadable", "HttpDamagedMessage", "HttpTooLarge");
    private static final Set<String> UNCERTAIN_LOGIN = Set.of("Http401", "Http440");
    private static final Set<String> OF_FOLDER = Set.of(
            "CursorWithoutProgress",
            "HttpDamagedMessage",
            "HttpTooLarge",
            "ErrorInternalServerError",
            "ErrorTimeoutExpired");
    private static final Set<String> BY_TIDEMARK = Set.of("ConnectionClosed", "ConnectionInterrupted");

    private EwsErrorTraits() {}

    /// Returns whether the error concerns the connection or all of Exchange, not only this request. A single
    /// timeout or broken connection is too weak a sign.
    public static boolean concernsAllMailboxes(EwsError error) {
        return OF_ALL_MAILBOXES.contains(error.code().value())
                || (hasRequestedWait(error)
                        && (isUncertainLogin(error)
                                || OF_ACCOUNT.contains(error.code().value())));
    }

    /// Returns whether credentials that have worked are refused; a busy server may do so. If only one request
    /// was refused, the error has no requested wait.
    static boolean isUncertainLogin(EwsError error) {
        return error instanceof EwsError.RetryAfter
                && UNCERTAIN_LOGIN.contains(error.code().value());
    }

    /// Returns whether a budget is exhausted: Exchange reports it, or requests a wait.
    public static boolean isBusy(EwsError.RetryAfter error) {
        return hasRequestedWait(error)
                || isUncertainLogin(error)
                || error.code().value().equals("ErrorServerBusy");
    }

    private static boolean hasRequestedWait(EwsError error) {
        return error instanceof EwsError.RetryAfter retry
                && retry.backOff().filter(Duration::isPositive).isPresent();
    }

    /// Returns whether a kept connection was closed before the first byte of a response. This proves nothing
    /// about Exchange; the caller repeats the request at once on a new connection.
    public static boolean isStale(EwsResult<?> result) {
        return result instanceof EwsResult.Refused<?>(EwsError error)
                && error.code().value().equals("ConnectionStale");
    }

    /// Returns whether only the response is missing; Exchange may have executed the request.
    public static boolean isLostResponse(EwsError error) {
        var code = error.code().value();
        return (code.startsWith("Connection") && !NEVER_SENT.contains(code))
                || UNREADABLE.contains(code)
                || (code.startsWith("Http5") && !OF_ALL_MAILBOXES.contains(code));
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

    /// Returns whether Exchange was not reached, or a front end responded in its place.
    static boolean isNoResponse(EwsError error) {
        var code = error.code().value();
        return (code.startsWith("Connection") && !BY_TIDEMARK.contains(code) && !code.equals("ConnectionCrowded"))
                || code.startsWith("Http5");
    }

    /// Returns whether the request was not sent, because of a back-off.
    public static boolean isBackoff(SubscriptionOutcome.RetryAt outcome) {
        return outcome.code().equals(ConnectionGate.BACKOFF_CODE);
    }

    /// Returns whether the error concerns this mailbox. Excludes a busy Exchange, and a move to another server,
    /// which takes a while.
    public static boolean concernsMailbox(EwsError error) {
        return !isNoResponse(error)
                && !concernsAllMailboxes(error)
                && !isCausedByTidemark(error)
                && !(error instanceof EwsError.RetryNarrower)
                && !(error instanceof EwsError.Rediscover)
                && !(error instanceof EwsError.RetryAfter retry && isBusy(retry));
    }

    /// Returns whether the content of the requested folder may be the cause, so that other folders can be read.
    public static boolean mayConcernFolder(EwsError error) {
        return error instanceof EwsError.DropSyncState
                || (error instanceof EwsError.RetryAfter retry
                        && !isBusy(retry)
                        && OF_FOLDER.contains(error.code().value()));
    }

    /// Returns whether Tidemark itself ended the request.
    public static boolean isCausedByTidemark(EwsError error) {
        return BY_TIDEMARK.contains(error.code().value());
    }

    /// Returns whether the mailbox has too many subscriptions. Dead ones count until they time out, after one
    /// status frequency at most. An earlier attempt gets the same response (docs, ews-throttling).
    public static boolean isTooManySubscriptions(EwsError error) {
        return error.code().value().equals("ErrorExceededSubscriptionCount");
    }
}
