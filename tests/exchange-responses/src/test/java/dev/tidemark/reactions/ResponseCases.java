package dev.tidemark.reactions;

import dev.tidemark.simulator.fault.ScriptedError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Codes with a reaction: the common ones in every possible shape, the others in one shape.
final class ResponseCases {
    private static final String SYNC = "SyncFolderItems";
    private static final String SUBSCRIBE = "Subscribe";
    private static final String WRAPPER = "ErrorInternalServerError";
    private static final Duration BACK_OFF = Duration.ofSeconds(60);
    private static final long HOURS = 6 * 60;
    private static final long CONNECTION_RECHECK = 10;

    /// Reaction after Subscribe, and after SyncFolderItems if it differs.
    private record Rule(ExpectedRequest afterSubscribe, ExpectedRequest afterSync) {}

    private static final Rule RETRY = rule(ExpectedRequest.later(), retry());
    private static final Rule RESUBSCRIBE = rule(ExpectedRequest.later(), retry());
    private static final Rule RESYNC = rule(ExpectedRequest.atOnce().fromNothing(), retry());
    private static final Rule REDISCOVER = rule(ExpectedRequest.later(), retry());
    private static final Rule MAILBOX = rule(ExpectedRequest.inMinutes(HOURS), ExpectedRequest.inMinutes(HOURS));
    private static final Rule CONNECTION =
            rule(ExpectedRequest.inMinutes(CONNECTION_RECHECK), ExpectedRequest.inMinutes(CONNECTION_RECHECK));
    private static final Rule FOLDER_GONE = rule(ExpectedRequest.inMinutes(HOURS), ExpectedRequest.NOTHING);
    private static final Rule OLDER_VERSION = rule(
            ExpectedRequest.atOnce().inAnOlderVersion(),
            ExpectedRequest.atOnce().by(SYNC).inAnOlderVersion());

    private static final Map<String, Rule> RULES = new LinkedHashMap<>();

    /// Rare codes. Every code is read the same way, so each of these takes one shape in turn.
    private static final Map<String, Rule> SELDOM = new LinkedHashMap<>();

    static {
        put(RETRY, """
                ErrorInternalServerError ErrorInternalServerTransientError ErrorTooManyObjectsOpened
                ErrorInsufficientResources ErrorADUnavailable ErrorADOperation ErrorConnectionFailed
                ErrorServiceUnavailable ErrorMailboxStoreUnavailable ErrorMailboxFailover ErrorMailboxMoveInProgress
                ErrorMailboxLogonFailed ErrorBatchProcessingStopped ErrorClientDisconnected
                ErrorProxyRequestProcessingFailed ErrorNoRespondingCASInDestinationSite ErrorExceededConnectionCount
                ErrorThatNobodyHasHeardOf""");
        put(
                rule(
                        ExpectedRequest.subscribe(8, 12),
                        ExpectedRequest.subscribe(8, 12).by(SYNC)),
                "ErrorServerBusy");
        put(rule(ExpectedRequest.later(), ExpectedRequest.atOnce().by(SYNC)), "ErrorTimeoutExpired");
        put(rule(ExpectedRequest.subscribe(31 * 60, 31 * 60 * 1.2), retry()), "ErrorExceededSubscriptionCount");
        put(RESUBSCRIBE, """
                ErrorReadEventsFailed ErrorSubscriptionNotFound ErrorInvalidSubscription ErrorExpiredSubscription
                ErrorSubscriptionUnsubscribed ErrorSubscriptionUnsubsribed ErrorProxiedSubscriptionCallFailure""");
        put(RESYNC, "ErrorInvalidWatermark ErrorEventNotFound ErrorMissedNotificationEvents");
        put(
                rule(ExpectedRequest.later(), ExpectedRequest.atOnce().by(SYNC).fromNothing()),
                "ErrorInvalidSyncStateData");
        put(FOLDER_GONE, "ErrorFolderNotFound ErrorSyncFolderNotFound");
        put(REDISCOVER, """
                ErrorProxyRequestNotAllowed ErrorCrossSiteRequest ErrorNoApplicableProxyCASServersAvailable
                ErrorProxyServiceDiscoveryFailed ErrorWrongServerVersion ErrorWrongServerVersionDelegate""");
        put(MAILBOX, """
                ErrorSubscriptionDelegateAccessNotSupported ErrorSubscriptionAccessDenied ErrorImpersonateUserDenied
                ErrorImpersonationDenied ErrorImpersonationFailed ErrorAccessDenied ErrorAccountDisabled
                ErrorNonExistentMailbox ErrorSubscriptionsDisabledForGroup ErrorInvalidSubscriptionRequest
                ErrorInvalidPullSubscriptionId""");
        put(CONNECTION, """
                ErrorInvalidPushSubscriptionUrl ErrorSchemaValidation ErrorInvalidRequest
                ErrorNoDestinationCASDueToKerberosRequirements ErrorNoDestinationCASDueToSSLRequirements
                ErrorNoDestinationCASDueToVersionMismatch""");
        put(OLDER_VERSION, "ErrorInvalidServerVersion ErrorIncorrectSchemaVersion");
        putRare(RETRY, """
                ErrorNotEnoughMemory ErrorADSessionFilter ErrorRequestAborted ErrorWebRequestInInvalidState
                ErrorWin32InteropError ErrorDataSourceOperation ErrorLocalServerObjectNotFound
                ErrorGetServerSecurityDescriptorFailed ErrorLogonAsNetworkServiceFailed
                ErrorMissingExchangePrincipal ErrorSearchFolderNotInitialized ErrorNewEventStreamConnectionOpened
                ErrorProxyCallFailed ErrorProxyTokenExpired ErrorProxySoapException ErrorInvalidProxySecurityContext
                ErrorInvalidNetworkServiceContext ErrorParsingXMLResponse ErrorResponseSchemaValidation
                ErrorNoOAuthServerAvailableForRequest""");
        putRare(FOLDER_GONE, """
                ErrorParentFolderNotFound ErrorInvalidFolderId ErrorInvalidFolderTypeForOperation
                ErrorInvalidParentFolder ErrorCannotUseItemIdForFolderId ErrorFolderCorrupt ErrorInvalidId
                ErrorInvalidIdEmpty ErrorInvalidIdMalformed ErrorInvalidIdMalformedEwsLegacyIdFormat
                ErrorInvalidIdMonikerTooLong ErrorInvalidIdStoreObjectIdTooLong ErrorInvalidIdXml
                ErrorCannotAccessDeletedPublicFolder""");
        putRare(REDISCOVER, """
                ErrorServiceDiscoveryFailed ErrorAutoDiscoverFailed""");
        putRare(MAILBOX, """
                ErrorNotDelegate ErrorAccountSuspend ErrorAccountSuspendShowTierUpgrade ErrorUserNotAllowedByPolicy
                ErrorInvalidLicense ErrorNonPrimarySmtpAddress ErrorInvalidSmtpAddress ErrorInvalidUserPrincipalName
                ErrorInvalidSid ErrorInvalidUserSid ErrorInvalidUserSidMissingUPN ErrorCannotFindUser
                ErrorInvalidMailbox ErrorMissingEmailAddress ErrorEmailAddressMismatch ErrorMailboxConfiguration
                ErrorMultiLegacyMailboxAccess ErrorDuplicateLegacyDistinguishedName
                ErrorInvalidSchemaVersionForMailboxVersion ErrorDistinguishedUserNotSupported""");
        putRare(CONNECTION, """
                ErrorAccessModeSpecified ErrorMoreThanOneAccessModeSpecified
                ErrorInvalidExchangeImpersonationHeaderData ErrorInvalidManagementRoleHeader
                ErrorDuplicateSOAPHeader ErrorUnsupportedCulture ErrorPasswordExpired ErrorPasswordChangeRequired
                ErrorCallerIsInvalidADAccount ErrorInvalidAuthorizationContext ErrorInvalidClientSecurityContext
                ErrorInvalidSerializedAccessToken ErrorInvalidClientAccessTokenRequest
                ErrorUnauthorizedClientAccessTokenRequest ErrorTokenSerializationDenied ErrorInvalidLogonType
                ErrorProxyGroupSidLimitExceeded ErrorOrganizationAccessBlocked""");
    }

    private ResponseCases() {}

    /// Returns the codes with a case in every shape.
    static List<String> codes() {
        return List.copyOf(RULES.keySet());
    }

    /// Returns the codes with one case each.
    static List<String> seldomCodes() {
        return List.copyOf(SELDOM.keySet());
    }

    static List<ResponseCase> all() {
        return Stream.of(ofCodes(), ofSeldomCodes(), busy(), http())
                .flatMap(Function.identity())
                .toList();
    }

    private static Stream<ResponseCase> ofCodes() {
        return RULES.entrySet().stream().flatMap(entry -> shapes(entry.getKey(), entry.getValue()));
    }

    private static Stream<ResponseCase> ofSeldomCodes() {
        var cases = new ArrayList<ResponseCase>();
        SELDOM.forEach((code, rule) -> {
            var shapes = shapes(code, rule).toList();
            cases.add(shapes.get(cases.size() % shapes.size()));
        });
        return cases.stream();
    }

    private static Stream<ResponseCase> shapes(String code, Rule rule) {
        var cases = Stream.of(
                subscribe(code + " as a fault", new ScriptedError.SoapFault(code), rule.afterSubscribe()),
                subscribe(code + " in a message", new ScriptedError.Message(code), rule.afterSubscribe()),
                subscribe(
                        code + " inside a message",
                        new ScriptedError.Message(WRAPPER, Optional.of(code), none()),
                        rule.afterSubscribe()),
                subscribe(
                        code + " inside a fault",
                        new ScriptedError.SoapFault(WRAPPER, Optional.of(code), none()),
                        rule.afterSubscribe()),
                synchronise(code + " to a synchronisation", new ScriptedError.Message(code), rule.afterSync()),
                synchronise(
                        code + " to a synchronisation as a fault", new ScriptedError.SoapFault(code), rule.afterSync()),
                synchronise(
                        code + " to a synchronisation inside a message",
                        new ScriptedError.Message(WRAPPER, Optional.of(code), none()),
                        rule.afterSync()),
                new ResponseCase(code + " as a callback", new ResponseCase.How.Callback(code), afterCallback(rule)));
        return code.equals("ErrorExceededSubscriptionCount")
                ? cases.map(each -> each.withStatusFrequency(Duration.ofMinutes(30)))
                : cases;
    }

    /// The subscription has ended by then, regardless of the code (docs, responsecode).
    private static ExpectedRequest afterCallback(Rule rule) {
        return rule.equals(RESYNC) ? ExpectedRequest.atOnce().fromNothing() : ExpectedRequest.atOnce();
    }

    private static Stream<ResponseCase> busy() {
        var code = "ErrorServerBusy";
        var named = Optional.of(BACK_OFF);
        var next = ExpectedRequest.afterPause(60);
        return Stream.of(
                subscribe(
                        "busy for a minute as a fault",
                        new ScriptedError.SoapFault(code, Optional.empty(), named),
                        next),
                subscribe(
                        "busy for a minute in a message",
                        new ScriptedError.Message(code, Optional.empty(), named),
                        next),
                subscribe(
                        "busy for a minute inside a message",
                        new ScriptedError.Message(WRAPPER, Optional.of(code), named),
                        next),
                subscribe(
                        "busy for a minute inside a fault",
                        new ScriptedError.SoapFault(WRAPPER, Optional.of(code), named),
                        next),
                synchronise(
                        "busy for a minute to a synchronisation",
                        new ScriptedError.Message(code, Optional.empty(), named),
                        next.by(SYNC)));
    }

    private static Stream<ResponseCase> http() {
        var minute = Map.of("Retry-After", "60");
        // a date is relative to the server's own Date, even if that is wrong
        var atNoon = Map.of("Date", "Sun, 01 Mar 2026 11:59:00 GMT", "Retry-After", "Sun, 01 Mar 2026 12:00:00 GMT");
        var elsewhere = Map.of("Location", "/ews/genericerrorpage.htm");
        return Stream.of(
                // the login has worked before
                http(401, Map.of(), ExpectedRequest.subscribe(8, 12)),
                http(403, Map.of(), ExpectedRequest.inMinutes(CONNECTION_RECHECK)),
                http(404, Map.of(), ExpectedRequest.inMinutes(CONNECTION_RECHECK)),
                http(440, Map.of(), ExpectedRequest.subscribe(8, 12)),
                http(429, Map.of(), ExpectedRequest.later().everybodyWaits()),
                http(429, minute, ExpectedRequest.afterPause(60).everybodyWaits()),
                http(429, atNoon, ExpectedRequest.afterPause(60).everybodyWaits()),
                http(500, Map.of(), ExpectedRequest.later()),
                http(500, minute, ExpectedRequest.afterPause(60)),
                http(500, atNoon, ExpectedRequest.afterPause(60)),
                http(503, Map.of(), ExpectedRequest.later().everybodyWaits()),
                http(503, minute, ExpectedRequest.afterPause(60).everybodyWaits()),
                http(503, atNoon, ExpectedRequest.afterPause(60).everybodyWaits()),
                http(302, elsewhere, ExpectedRequest.later()),
                http(500, Map.of("X-CasErrorCode", "ServerNotFound"), ExpectedRequest.inMinutes(HOURS)));
    }

    private static ResponseCase http(int status, Map<String, String> headers, ExpectedRequest next) {
        return subscribe("HTTP " + status + " with " + headers, new ScriptedError.Http(status, headers), next);
    }

    private static ResponseCase subscribe(String name, ScriptedError trouble, ExpectedRequest next) {
        return new ResponseCase(name, new ResponseCase.How.Answer(SUBSCRIBE, trouble), next);
    }

    private static ResponseCase synchronise(String name, ScriptedError trouble, ExpectedRequest next) {
        return new ResponseCase(name, new ResponseCase.How.Answer(SYNC, trouble), next);
    }

    private static ExpectedRequest retry() {
        return ExpectedRequest.later().by(SYNC);
    }

    private static Rule rule(ExpectedRequest afterSubscribe, ExpectedRequest afterSync) {
        return new Rule(afterSubscribe, afterSync);
    }

    private static void put(Rule rule, String codes) {
        Stream.of(codes.split("\\s+")).forEach(code -> RULES.put(code, rule));
    }

    private static void putRare(Rule rule, String codes) {
        Stream.of(codes.split("\\s+")).forEach(code -> SELDOM.put(code, rule));
    }

    private static Optional<Duration> none() {
        return Optional.empty();
    }
}
