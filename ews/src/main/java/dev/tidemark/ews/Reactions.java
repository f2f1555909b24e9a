package dev.tidemark.ews;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What to do about an EWS response code: a pure function (docs, responsecode and
/// handling-notification-related-errors). A code that nobody knows is tried again later: that harms least.
final class Reactions {
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
        PERMANENT_FOR_CONNECTION
    }

    private static final Map<String, Reaction> BY_CODE = Map.ofEntries(
            // another process served the subscription, or none does any more
            entry("ErrorReadEventsFailed", Reaction.RESUBSCRIBE),
            entry("ErrorSubscriptionNotFound", Reaction.RESUBSCRIBE),
            entry("ErrorInvalidSubscription", Reaction.RESUBSCRIBE),
            entry("ErrorExpiredSubscription", Reaction.RESUBSCRIBE),
            entry("ErrorSubscriptionUnsubscribed", Reaction.RESUBSCRIBE),
            // so the documentation spells it
            entry("ErrorSubscriptionUnsubsribed", Reaction.RESUBSCRIBE),
            entry("ErrorProxiedSubscriptionCallFailure", Reaction.RESUBSCRIBE),
            // the event table no longer reaches back to the watermark
            entry("ErrorInvalidWatermark", Reaction.RESUBSCRIBE_AND_RESYNC),
            entry("ErrorEventNotFound", Reaction.RESUBSCRIBE_AND_RESYNC),
            entry("ErrorMissedNotificationEvents", Reaction.RESUBSCRIBE_AND_RESYNC),
            entry("ErrorInvalidSyncStateData", Reaction.DROP_SYNC_STATE),
            entry("ErrorFolderNotFound", Reaction.FOLDER_GONE),
            entry("ErrorSyncFolderNotFound", Reaction.FOLDER_GONE),
            // the mailbox is served from elsewhere
            entry("ErrorProxyRequestNotAllowed", Reaction.REDISCOVER),
            entry("ErrorCrossSiteRequest", Reaction.REDISCOVER),
            entry("ErrorNoApplicableProxyCASServersAvailable", Reaction.REDISCOVER),
            entry("ErrorProxyServiceDiscoveryFailed", Reaction.REDISCOVER),
            entry("ErrorWrongServerVersion", Reaction.REDISCOVER),
            entry("ErrorWrongServerVersionDelegate", Reaction.REDISCOVER),
            // rights and addresses of one mailbox, or what its group asks for
            entry("ErrorSubscriptionDelegateAccessNotSupported", Reaction.PERMANENT_FOR_MAILBOX),
            entry("ErrorSubscriptionAccessDenied", Reaction.PERMANENT_FOR_MAILBOX),
            entry("ErrorImpersonateUserDenied", Reaction.PERMANENT_FOR_MAILBOX),
            entry("ErrorImpersonationDenied", Reaction.PERMANENT_FOR_MAILBOX),
            entry("ErrorImpersonationFailed", Reaction.PERMANENT_FOR_MAILBOX),
            entry("ErrorAccessDenied", Reaction.PERMANENT_FOR_MAILBOX),
            entry("ErrorAccountDisabled", Reaction.PERMANENT_FOR_MAILBOX),
            entry("ErrorNonExistentMailbox", Reaction.PERMANENT_FOR_MAILBOX),
            entry("ErrorSubscriptionsDisabledForGroup", Reaction.PERMANENT_FOR_MAILBOX),
            entry("ErrorInvalidSubscriptionRequest", Reaction.PERMANENT_FOR_MAILBOX),
            entry("ErrorInvalidPullSubscriptionId", Reaction.PERMANENT_FOR_MAILBOX),
            // what is the same for every mailbox of the connection
            entry("ErrorInvalidPushSubscriptionUrl", Reaction.PERMANENT_FOR_CONNECTION),
            entry("ErrorSchemaValidation", Reaction.PERMANENT_FOR_CONNECTION),
            entry("ErrorInvalidRequest", Reaction.PERMANENT_FOR_CONNECTION),
            entry("ErrorInvalidServerVersion", Reaction.PERMANENT_FOR_CONNECTION),
            entry("ErrorIncorrectSchemaVersion", Reaction.PERMANENT_FOR_CONNECTION),
            // the server found no other one to pass the request on to, for want of something it needs
            entry("ErrorNoDestinationCASDueToKerberosRequirements", Reaction.PERMANENT_FOR_CONNECTION),
            entry("ErrorNoDestinationCASDueToSSLRequirements", Reaction.PERMANENT_FOR_CONNECTION),
            entry("ErrorNoDestinationCASDueToVersionMismatch", Reaction.PERMANENT_FOR_CONNECTION),
            entry("ErrorExceededConnectionCount", Reaction.RETRY_NARROWER),
            entry("ErrorServerBusy", Reaction.RETRY),
            entry(WRAPPER, Reaction.RETRY),
            entry("ErrorInternalServerTransientError", Reaction.RETRY),
            entry("ErrorTooManyObjectsOpened", Reaction.RETRY),
            entry("ErrorInsufficientResources", Reaction.RETRY),
            entry("ErrorADUnavailable", Reaction.RETRY),
            entry("ErrorADOperation", Reaction.RETRY),
            entry("ErrorConnectionFailed", Reaction.RETRY),
            entry("ErrorServiceUnavailable", Reaction.RETRY),
            entry("ErrorMailboxStoreUnavailable", Reaction.RETRY),
            entry("ErrorMailboxFailover", Reaction.RETRY),
            entry("ErrorMailboxMoveInProgress", Reaction.RETRY),
            entry("ErrorMailboxLogonFailed", Reaction.RETRY),
            entry("ErrorTimeoutExpired", Reaction.RETRY),
            entry("ErrorBatchProcessingStopped", Reaction.RETRY),
            entry("ErrorClientDisconnected", Reaction.RETRY),
            entry("ErrorProxyRequestProcessingFailed", Reaction.RETRY),
            entry("ErrorNoRespondingCASInDestinationSite", Reaction.RETRY),
            // subscriptions that died count until they time out; asking at once only gives the same answer
            entry("ErrorExceededSubscriptionCount", Reaction.RETRY));

    private Reactions() {}

    static EwsError to(Problem problem) {
        if (problem.code().equals(WRAPPER)
                && problem.innerCode().filter(code -> !code.equals(WRAPPER)).isPresent()) {
            return to(new Problem(
                    problem.innerCode().orElseThrow(), problem.innerCode(), problem.text(), problem.backOff()));
        }
        var code = new ResponseCode(problem.code());
        var text = problem.text();
        return switch (reactionTo(problem.code())) {
            case RETRY -> new EwsError.RetryAfter(code, text, problem.backOff());
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

    static Set<ResponseCode> known() {
        return BY_CODE.keySet().stream().map(ResponseCode::new).collect(Collectors.toUnmodifiableSet());
    }

    /// Whether the code says that the same request may succeed later. What is not known does not, so that a
    /// single item of many is not waited for in vain.
    static boolean isTemporary(String code) {
        return BY_CODE.containsKey(code)
                && switch (reactionTo(code)) {
                    case RETRY, RETRY_NARROWER, REDISCOVER -> true;
                    case RESUBSCRIBE,
                            RESUBSCRIBE_AND_RESYNC,
                            DROP_SYNC_STATE,
                            FOLDER_GONE,
                            PERMANENT_FOR_MAILBOX,
                            PERMANENT_FOR_CONNECTION -> false;
                };
    }

    /// Whether the code may speak of one item or folder of many, and not of the whole request.
    static boolean concernsOneObject(String code) {
        return code.equals("ErrorAccessDenied")
                || reactionTo(code) == Reaction.FOLDER_GONE
                || (!BY_CODE.containsKey(code) && !isFamily(code));
    }

    private static Reaction reactionTo(String code) {
        if (code.startsWith("ErrorWrongServerVersion")) {
            return Reaction.REDISCOVER;
        }
        if (code.startsWith("ErrorNoDestinationCASDueTo")) {
            return Reaction.PERMANENT_FOR_CONNECTION;
        }
        return BY_CODE.getOrDefault(code, Reaction.RETRY);
    }

    private static boolean isFamily(String code) {
        return reactionTo(code) != Reaction.RETRY;
    }
}
