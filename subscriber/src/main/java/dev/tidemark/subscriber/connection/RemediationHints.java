package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.message.EwsError;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Maps error codes to remedies for operators. Exchange's own text names the problem and seldom the remedy.
/// Errors of HTTP and of the network contain their remedy after a semicolon. Stateless.
public final class RemediationHints {
    private static final String ROLE =
            "Give the connection's account the ApplicationImpersonation role, with a scope that covers this mailbox.";
    private static final String ADDRESS = "Correct the address in mailboxes; it must be the primary one of a user's,"
            + " shared or room mailbox, not of a group, a contact or a public folder.";
    private static final String DESTINATION =
            "Let the connection's url or autodiscover lead to a server that serves this mailbox itself.";
    private static final String ELSEWHERE = "Another address serves this mailbox: leave out the connection's url and"
            + " name its autodiscover, or move the mailbox to a group of a connection with that url.";
    private static final String VERSION = "Set the connection's version to one that the server knows.";
    private static final String REPORT =
            "Exchange does not understand the request; check the group's folders and events, and report it.";

    private static final String REACH =
            "Check the connection's url and proxy, and that the server runs and can be reached from here.";
    private static final String FAILING = "Check the server and the load balancer in front of it.";

    private static final String FOLDERS = "Correct the group's folders: this mailbox lacks some of them.";
    private static final String ACCOUNT = "Correct the connection's auth: Exchange does not accept this account.";
    private static final String PASSWORD =
            "Give the connection's account a new password, and write it in the connection's auth.";
    private static final String ENABLED =
            "Enable and license the mailbox's account, or take the mailbox out of mailboxes.";
    private static final String DIRECTORY =
            "Repair the mailbox's entry in the directory; the event log of its server names the error.";

    private static final Map<String, String> BY_CODE = new HashMap<>();

    static {
        put(REACH, "ConnectionRefused ConnectionUnknownHost ConnectionTimeout ConnectionBroken ConnectionTls");
        put("Check the connection's proxy, and that it reaches the server.", "ConnectionProxy");
        put(FAILING, "Http500 Http502 Http503 Http504");
        put(
                "A delegate cannot subscribe: set impersonation: true on the connection, and give its account the"
                        + " ApplicationImpersonation role.",
                "ErrorSubscriptionDelegateAccessNotSupported");
        put(ROLE, "ErrorImpersonateUserDenied ErrorImpersonationDenied ErrorNotDelegate");
        put(
                "Check that the mailbox's user is enabled, and that the connection's account may impersonate it.",
                "ErrorImpersonationFailed");
        put(
                "Set impersonation: true on the connection and give its account the ApplicationImpersonation role;"
                        + " without impersonation only the account's own mailbox can be subscribed.",
                "ErrorAccessDenied");
        put(
                "Another account made this subscription; use one account for the mailbox.",
                "ErrorSubscriptionAccessDenied");
        put(ENABLED, "ErrorAccountDisabled ErrorAccountSuspend ErrorAccountSuspendShowTierUpgrade");
        put(ENABLED, "ErrorUserNotAllowedByPolicy ErrorInvalidLicense");
        put(ADDRESS, "ErrorNonExistentMailbox ErrorInvalidSmtpAddress ErrorMissingEmailAddress ErrorCannotFindUser");
        put(ADDRESS, "ErrorInvalidMailbox ErrorEmailAddressMismatch ErrorDistinguishedUserNotSupported");
        put("Replace the address in mailboxes by the mailbox's primary one.", "ErrorNonPrimarySmtpAddress");
        put(
                DIRECTORY,
                "ErrorInvalidUserPrincipalName ErrorInvalidSid ErrorInvalidUserSid ErrorInvalidUserSidMissingUPN");
        put(DIRECTORY, "ErrorMailboxConfiguration ErrorMultiLegacyMailboxAccess ErrorDuplicateLegacyDistinguishedName");
        put(
                "Groups cannot be subscribed; name the mailboxes of its members instead.",
                "ErrorSubscriptionsDisabledForGroup");
        put(
                "Correct the group's folders: they must all lie in this mailbox, and in no public folder.",
                "ErrorInvalidSubscriptionRequest");
        put(
                "Correct public-url: an absolute http or https address that Exchange can reach.",
                "ErrorInvalidPushSubscriptionUrl");
        put(
                REPORT,
                "ErrorInvalidPullSubscriptionId ErrorSchemaValidation ErrorInvalidRequest ErrorAccessModeSpecified");
        put(REPORT, "ErrorMoreThanOneAccessModeSpecified ErrorInvalidExchangeImpersonationHeaderData");
        put(REPORT, "ErrorInvalidManagementRoleHeader ErrorDuplicateSOAPHeader ErrorUnsupportedCulture");
        put(PASSWORD, "ErrorPasswordExpired ErrorPasswordChangeRequired");
        put(
                ACCOUNT,
                "ErrorCallerIsInvalidADAccount ErrorInvalidAuthorizationContext ErrorInvalidClientSecurityContext");
        put(ACCOUNT, "ErrorInvalidSerializedAccessToken ErrorInvalidClientAccessTokenRequest ErrorInvalidLogonType");
        put(ACCOUNT, "ErrorUnauthorizedClientAccessTokenRequest ErrorTokenSerializationDenied");
        put("Take the connection's account out of groups that it does not need.", "ErrorProxyGroupSidLimitExceeded");
        put("Allow EWS to the connection's account in this organization.", "ErrorOrganizationAccessBlocked");
        put(
                VERSION,
                "ErrorInvalidServerVersion ErrorIncorrectSchemaVersion ErrorInvalidSchemaVersionForMailboxVersion");
        put(ELSEWHERE, "ErrorProxyRequestNotAllowed ErrorCrossSiteRequest ErrorNoApplicableProxyCASServersAvailable");
        put(ELSEWHERE, "ErrorProxyServiceDiscoveryFailed ErrorServiceDiscoveryFailed ErrorAutoDiscoverFailed");
        put(ELSEWHERE, "ErrorWrongServerVersion ErrorWrongServerVersionDelegate");
        put(DESTINATION, "ErrorNoDestinationCASDueToKerberosRequirements ErrorNoDestinationCASDueToSSLRequirements");
        put(DESTINATION, "ErrorNoDestinationCASDueToVersionMismatch");
        put("Exchange failed on this mailbox repeatedly; check its server's event log.", "ErrorInternalServerError");
    }

    private RemediationHints() {}

    private static void put(String remedy, String codes) {
        for (var code : codes.split(" ", -1)) {
            BY_CODE.put(code, remedy);
        }
    }

    /// Returns Exchange's text and the remedy.
    public static String text(EwsError error) {
        var remedy = error instanceof EwsError.FolderGone
                ? FOLDERS
                : BY_CODE.getOrDefault(error.code().value(), "");
        var text = error.text().strip();
        return remedy.isEmpty() || text.isEmpty() ? text + remedy : ended(text) + " " + remedy;
    }

    /// Returns the cause with its code, without the remedy.
    public static String cause(EwsError error) {
        var text = error.text().strip();
        var remedyStart = ownRemedyStart(error);
        return error.code() + ": " + (remedyStart < 0 ? text : text.substring(0, remedyStart) + ".");
    }

    /// Returns the remedy for an operator, if it is known.
    public static Optional<String> remedy(EwsError error) {
        var remedyStart = ownRemedyStart(error);
        return remedyStart < 0
                ? Optional.ofNullable(BY_CODE.get(error.code().value()))
                : Optional.of(capitalized(
                        error.text().strip().substring(remedyStart + 1).strip()));
    }

    /// Returns the index of the semicolon between cause and remedy in a text of Tidemark; -1 in other texts.
    private static int ownRemedyStart(EwsError error) {
        return error instanceof EwsError.RetryAfter || error.code().value().startsWith("Error")
                ? -1
                : error.text().strip().lastIndexOf("; ");
    }

    private static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String ended(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
