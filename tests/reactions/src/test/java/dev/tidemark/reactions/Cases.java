package dev.tidemark.reactions;

import dev.tidemark.simulator.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Codes that have a reaction: the common ones in every shape they can have, the others in one.
final class Cases {
    private static final String SYNC = "SyncFolderItems";
    private static final String SUBSCRIBE = "Subscribe";
    private static final String WRAPPER = "ErrorInternalServerError";
    private static final Duration BACK_OFF = Duration.ofSeconds(60);
    private static final long HOURS = 6 * 60;
    private static final long CONNECTION_RECHECK = 10;

    /// After Subscribe; after SyncFolderItems where that is something else.
    private record Rule(Next afterSubscribe, Next afterSync) {}

    private static final Rule RETRY = rule(Next.later(), again());
    private static final Rule RESUBSCRIBE = rule(Next.later(), again());
    private static final Rule RESYNC = rule(Next.atOnce().fromNothing(), again());
    private static final Rule REDISCOVER = rule(Next.later(), again());
    private static final Rule MAILBOX = rule(Next.inMinutes(HOURS), Next.inMinutes(HOURS));
    private static final Rule CONNECTION = rule(Next.inMinutes(CONNECTION_RECHECK), Next.inMinutes(CONNECTION_RECHECK));
    private static final Rule FOLDER_GONE = rule(Next.inMinutes(HOURS), Next.NOTHING);
    private static final Rule OLDER_VERSION =
            rule(Next.atOnce().inAnOlderVersion(), Next.atOnce().by(SYNC).inAnOlderVersion());

    private static final Map<String, Rule> RULES = new LinkedHashMap<>();

    /// Codes that are seldom seen. A shape is read the same way for every code, so each of these takes one, in turn.
    private static final Map<String, Rule> SELDOM = new LinkedHashMap<>();

    static {
        put(RETRY, """
                ErrorInternalServerError ErrorInternalServerTransientError ErrorTooManyObjectsOpened
                ErrorInsufficientResources ErrorADUnavailable ErrorADOperation ErrorConnectionFailed
                ErrorServiceUnavailable ErrorMailboxStoreUnavailable ErrorMailboxFailover ErrorMailboxMoveInProgress
                ErrorMailboxLogonFailed ErrorBatchProcessingStopped ErrorClientDisconnected
                ErrorProxyRequestProcessingFailed ErrorNoRespondingCASInDestinationSite ErrorExceededConnectionCount
                ErrorThatNobodyHasHeardOf""");
        put(rule(Next.subscribe(8, 12), Next.subscribe(8, 12).by(SYNC)), "ErrorServerBusy");
        put(rule(Next.later(), Next.atOnce().by(SYNC)), "ErrorTimeoutExpired");
        put(rule(Next.subscribe(31 * 60, 31 * 60 * 1.2), again()), "ErrorExceededSubscriptionCount");
        put(RESUBSCRIBE, """
                ErrorReadEventsFailed ErrorSubscriptionNotFound ErrorInvalidSubscription ErrorExpiredSubscription
                ErrorSubscriptionUnsubscribed ErrorSubscriptionUnsubsribed ErrorProxiedSubscriptionCallFailure""");
        put(RESYNC, "ErrorInvalidWatermark ErrorEventNotFound ErrorMissedNotificationEvents");
        put(rule(Next.later(), Next.atOnce().by(SYNC).fromNothing()), "ErrorInvalidSyncStateData");
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
        putSeldom(RETRY, """
                ErrorNotEnoughMemory ErrorADSessionFilter ErrorRequestAborted ErrorWebRequestInInvalidState
                ErrorWin32InteropError ErrorDataSourceOperation ErrorLocalServerObjectNotFound
                ErrorGetServerSecurityDescriptorFailed ErrorLogonAsNetworkServiceFailed
                ErrorMissingExchangePrincipal ErrorSearchFolderNotInitialized ErrorNewEventStreamConnectionOpened
                ErrorProxyCallFailed ErrorProxyTokenExpired ErrorProxySoapException ErrorInvalidProxySecurityContext
                ErrorInvalidNetworkServiceContext ErrorParsingXMLResponse ErrorResponseSchemaValidation
                ErrorNoOAuthServerAvailableForRequest""");
        putSeldom(FOLDER_GONE, """
                ErrorParentFolderNotFound ErrorInvalidFolderId ErrorInvalidFolderTypeForOperation
                ErrorInvalidParentFolder ErrorCannotUseItemIdForFolderId ErrorFolderCorrupt ErrorInvalidId
                ErrorInvalidIdEmpty ErrorInvalidIdMalformed ErrorInvalidIdMalformedEwsLegacyIdFormat
                ErrorInvalidIdMonikerTooLong ErrorInvalidIdStoreObjectIdTooLong ErrorInvalidIdXml
                ErrorCannotAccessDeletedPublicFolder""");
        putSeldom(REDISCOVER, """
                ErrorServiceDiscoveryFailed ErrorAutoDiscoverFailed""");
        putSeldom(MAILBOX, """
                ErrorNotDelegate ErrorAccountSuspend ErrorAccountSuspendShowTierUpgrade ErrorUserNotAllowedByPolicy
                ErrorInvalidLicense ErrorNonPrimarySmtpAddress ErrorInvalidSmtpAddress ErrorInvalidUserPrincipalName
                ErrorInvalidSid ErrorInvalidUserSid ErrorInvalidUserSidMissingUPN ErrorCannotFindUser
                ErrorInvalidMailbox ErrorMissingEmailAddress ErrorEmailAddressMismatch ErrorMailboxConfiguration
                ErrorMultiLegacyMailboxAccess ErrorDuplicateLegacyDistinguishedName
                ErrorInvalidSchemaVersionForMailboxVersion ErrorDistinguishedUserNotSupported""");
        putSeldom(CONNECTION, """
                ErrorAccessModeSpecified ErrorMoreThanOneAccessModeSpecified
                ErrorInvalidExchangeImpersonationHeaderData ErrorInvalidManagementRoleHeader
                ErrorDuplicateSOAPHeader ErrorUnsupportedCulture ErrorPasswordExpired ErrorPasswordChangeRequired
                ErrorCallerIsInvalidADAccount ErrorInvalidAuthorizationContext ErrorInvalidClientSecurityContext
                ErrorInvalidSerializedAccessToken ErrorInvalidClientAccessTokenRequest
                ErrorUnauthorizedClientAccessTokenRequest ErrorTokenSerializationDenied ErrorInvalidLogonType
                ErrorProxyGroupSidLimitExceeded ErrorOrganizationAccessBlocked""");
    }

    private Cases() {}

    /// The codes that have a case in every shape.
    static List<String> codes() {
        return List.copyOf(RULES.keySet());
    }

    /// The codes that have one case each.
    static List<String> seldomCodes() {
        return List.copyOf(SELDOM.keySet());
    }

    static List<Case> all() {
        return Stream.of(ofCodes(), ofSeldomCodes(), busy(), http())
                .flatMap(Function.identity())
                .toList();
    }

    private static Stream<Case> ofCodes() {
        return RULES.entrySet().stream().flatMap(entry -> shapes(entry.getKey(), entry.getValue()));
    }

    private static Stream<Case> ofSeldomCodes() {
        var cases = new ArrayList<Case>();
        SELDOM.forEach((code, rule) -> {
            var shapes = shapes(code, rule).toList();
            cases.add(shapes.get(cases.size() % shapes.size()));
        });
        return cases.stream();
    }

    private static Stream<Case> shapes(String code, Rule rule) {
        var cases = Stream.of(
                subscribe(code + " as a fault", new Trouble.SoapFault(code), rule.afterSubscribe()),
                subscribe(code + " in a message", new Trouble.Message(code), rule.afterSubscribe()),
                subscribe(
                        code + " inside a message",
                        new Trouble.Message(WRAPPER, Optional.of(code), none()),
                        rule.afterSubscribe()),
                subscribe(
                        code + " inside a fault",
                        new Trouble.SoapFault(WRAPPER, Optional.of(code), none()),
                        rule.afterSubscribe()),
                synchronise(code + " to a synchronisation", new Trouble.Message(code), rule.afterSync()),
                synchronise(code + " to a synchronisation as a fault", new Trouble.SoapFault(code), rule.afterSync()),
                synchronise(
                        code + " to a synchronisation inside a message",
                        new Trouble.Message(WRAPPER, Optional.of(code), none()),
                        rule.afterSync()),
                new Case(code + " as a call-back", new Case.How.Callback(code), afterCallback(rule)));
        return code.equals("ErrorExceededSubscriptionCount")
                ? cases.map(each -> each.withStatusFrequency(Duration.ofMinutes(30)))
                : cases;
    }

    /// The subscription has ended by then, whatever the code says (docs, responsecode).
    private static Next afterCallback(Rule rule) {
        return rule.equals(RESYNC) ? Next.atOnce().fromNothing() : Next.atOnce();
    }

    private static Stream<Case> busy() {
        var code = "ErrorServerBusy";
        var named = Optional.of(BACK_OFF);
        var next = Next.afterPause(60);
        return Stream.of(
                subscribe("busy for a minute as a fault", new Trouble.SoapFault(code, Optional.empty(), named), next),
                subscribe("busy for a minute in a message", new Trouble.Message(code, Optional.empty(), named), next),
                subscribe(
                        "busy for a minute inside a message",
                        new Trouble.Message(WRAPPER, Optional.of(code), named),
                        next),
                subscribe(
                        "busy for a minute inside a fault",
                        new Trouble.SoapFault(WRAPPER, Optional.of(code), named),
                        next),
                synchronise(
                        "busy for a minute to a synchronisation",
                        new Trouble.Message(code, Optional.empty(), named),
                        next.by(SYNC)));
    }

    private static Stream<Case> http() {
        var minute = Map.of("Retry-After", "60");
        // a date means what it is from the server's own one, however wrong that is
        var atNoon = Map.of("Date", "Sun, 01 Mar 2026 11:59:00 GMT", "Retry-After", "Sun, 01 Mar 2026 12:00:00 GMT");
        var elsewhere = Map.of("Location", "/ews/genericerrorpage.htm");
        return Stream.of(
                // the login has worked before
                http(401, Map.of(), Next.subscribe(8, 12)),
                http(403, Map.of(), Next.inMinutes(CONNECTION_RECHECK)),
                http(404, Map.of(), Next.inMinutes(CONNECTION_RECHECK)),
                http(440, Map.of(), Next.subscribe(8, 12)),
                http(429, Map.of(), Next.later().everybodyWaits()),
                http(429, minute, Next.afterPause(60).everybodyWaits()),
                http(429, atNoon, Next.afterPause(60).everybodyWaits()),
                http(500, Map.of(), Next.later()),
                http(500, minute, Next.afterPause(60)),
                http(500, atNoon, Next.afterPause(60)),
                http(503, Map.of(), Next.later().everybodyWaits()),
                http(503, minute, Next.afterPause(60).everybodyWaits()),
                http(503, atNoon, Next.afterPause(60).everybodyWaits()),
                http(302, elsewhere, Next.later()),
                http(500, Map.of("X-CasErrorCode", "ServerNotFound"), Next.inMinutes(HOURS)));
    }

    private static Case http(int status, Map<String, String> headers, Next next) {
        return subscribe("HTTP " + status + " with " + headers, new Trouble.Http(status, headers), next);
    }

    private static Case subscribe(String name, Trouble trouble, Next next) {
        return new Case(name, new Case.How.Answer(SUBSCRIBE, trouble), next);
    }

    private static Case synchronise(String name, Trouble trouble, Next next) {
        return new Case(name, new Case.How.Answer(SYNC, trouble), next);
    }

    private static Next again() {
        return Next.later().by(SYNC);
    }

    private static Rule rule(Next afterSubscribe, Next afterSync) {
        return new Rule(afterSubscribe, afterSync);
    }

    private static void put(Rule rule, String codes) {
        Stream.of(codes.split("\\s+")).forEach(code -> RULES.put(code, rule));
    }

    private static void putSeldom(Rule rule, String codes) {
        Stream.of(codes.split("\\s+")).forEach(code -> SELDOM.put(code, rule));
    }

    private static Optional<Duration> none() {
        return Optional.empty();
    }
}
