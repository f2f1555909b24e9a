package dev.tidemark.subscriber;

import static java.util.Map.entry;

import dev.tidemark.ews.EwsError;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a person can do about an error that stays until somebody does: Exchange's own words name the
/// trouble, seldom the cure. Errors of HTTP and of the network carry theirs already.
final class Mends {
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

    private static final Map<String, String> BY_CODE = Map.ofEntries(
            entry("ConnectionRefused", REACH),
            entry("ConnectionUnknownHost", REACH),
            entry("ConnectionTimeout", REACH),
            entry("ConnectionBroken", REACH),
            entry("ConnectionTls", REACH),
            entry("ConnectionProxy", "Check the connection's proxy, and that it reaches the server."),
            entry("Http500", FAILING),
            entry("Http502", FAILING),
            entry("Http503", FAILING),
            entry("Http504", FAILING),
            entry(
                    "ErrorSubscriptionDelegateAccessNotSupported",
                    "A delegate cannot subscribe: set impersonation: true on the connection, and give its account the"
                            + " ApplicationImpersonation role."),
            entry("ErrorImpersonateUserDenied", ROLE),
            entry("ErrorImpersonationDenied", ROLE),
            entry(
                    "ErrorImpersonationFailed",
                    "Check that the mailbox's user is enabled, and that the connection's account may impersonate it."),
            entry(
                    "ErrorAccessDenied",
                    "Set impersonation: true on the connection and give its account the ApplicationImpersonation role;"
                            + " without impersonation only the account's own mailbox can be subscribed."),
            entry(
                    "ErrorSubscriptionAccessDenied",
                    "Another account made this subscription; use one account for the mailbox."),
            entry("ErrorAccountDisabled", "Enable the mailbox's account, or take the mailbox out of mailboxes."),
            entry("ErrorNonExistentMailbox", ADDRESS),
            entry(
                    "ErrorSubscriptionsDisabledForGroup",
                    "Groups cannot be subscribed; name the mailboxes of its members instead."),
            entry(
                    "ErrorInvalidSubscriptionRequest",
                    "Correct the group's folders: they must all lie in this mailbox, and in no public folder."),
            entry("ErrorInvalidPullSubscriptionId", REPORT),
            entry("ErrorFolderNotFound", "Correct the group's folders: this mailbox has not all of them."),
            entry("ErrorSyncFolderNotFound", "Correct the group's folders: this mailbox has not all of them."),
            entry(
                    "ErrorInvalidPushSubscriptionUrl",
                    "Correct public-url: an absolute http or https address that Exchange can reach."),
            entry("ErrorSchemaValidation", REPORT),
            entry("ErrorInvalidRequest", REPORT),
            entry("ErrorInvalidServerVersion", VERSION),
            entry("ErrorIncorrectSchemaVersion", VERSION),
            entry("ErrorProxyRequestNotAllowed", ELSEWHERE),
            entry("ErrorCrossSiteRequest", ELSEWHERE),
            entry("ErrorNoApplicableProxyCASServersAvailable", ELSEWHERE),
            entry("ErrorProxyServiceDiscoveryFailed", ELSEWHERE),
            entry("ErrorWrongServerVersion", ELSEWHERE),
            entry("ErrorWrongServerVersionDelegate", ELSEWHERE),
            entry("ErrorNoDestinationCASDueToKerberosRequirements", DESTINATION),
            entry("ErrorNoDestinationCASDueToSSLRequirements", DESTINATION),
            entry("ErrorNoDestinationCASDueToVersionMismatch", DESTINATION),
            entry(
                    "ErrorInternalServerError",
                    "Exchange failed on this mailbox again and again; its server's event log says why."));

    private Mends() {}

    /// Exchange's words, and what to do.
    static String text(EwsError error) {
        var mend = BY_CODE.getOrDefault(error.code().value(), "");
        var text = error.text().strip();
        return mend.isEmpty() || text.isEmpty() ? text + mend : ended(text) + " " + mend;
    }

    /// Returns the cause with its code, without the remedy.
    static String cause(EwsError error) {
        var text = error.text().strip();
        var clause = ownRemedy(error);
        return error.code() + ": " + (clause < 0 ? text : text.substring(0, clause) + ".");
    }

    /// Returns what an operator has to do, if that is known.
    static Optional<String> remedy(EwsError error) {
        var clause = ownRemedy(error);
        return clause < 0
                ? Optional.ofNullable(BY_CODE.get(error.code().value()))
                : Optional.of(
                        capitalized(error.text().strip().substring(clause + 1).strip()));
    }

    /// Texts of our own name the cause, and behind a semicolon the remedy.
    private static int ownRemedy(EwsError error) {
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
