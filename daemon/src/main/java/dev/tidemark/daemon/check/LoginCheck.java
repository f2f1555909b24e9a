package dev.tidemark.daemon.check;

import dev.tidemark.daemon.check.CheckStep.CheckStage;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.ews.message.FolderResult;
import dev.tidemark.ews.message.ServerVersion;
import dev.tidemark.subscriber.connection.EwsErrorTraits;
import dev.tidemark.subscriber.connection.RemediationHints;
import dev.tidemark.values.MailboxAddress;
import java.util.List;
import java.util.Set;

/// Checks the log-in and the version of a connection by one request for a mailbox. Not thread-safe; used by the
/// thread of the check.
final class LoginCheck {
    static final EwsRequest<List<FolderResult>> REQUEST =
            new EwsRequest.GetFolder(List.of(new FolderRef.Distinguished("inbox")));

    private static final Set<String> UNKNOWN_VERSION =
            Set.of("ErrorInvalidServerVersion", "ErrorIncorrectSchemaVersion");
    private static final String UNAUTHORIZED = "Http401";
    private static final Set<String> UNRESOLVED = Set.of("ConnectionUnknownHost");
    private static final Set<String> REFUSED_LOGIN =
            Set.of("Http401", "Http403", "Http440", "ConnectionToken", "ConnectionLogin");

    /// Versions that the client tries one after the other, with room for new ones.
    private static final int VERSIONS = 10;

    private final ConnectionConfig config;
    private final StepCollector steps;
    private final ChannelBindingCheck bindings;

    /// @param config settings with the address of the mailbox's server
    LoginCheck(ConnectionConfig config, StepCollector steps, ChannelBindingCheck bindings) {
        this.config = config;
        this.bindings = bindings;
        this.steps = steps;
    }

    /// Returns whether the server accepts the log-in. Errors of the mailbox alone prove that it does.
    boolean run(EwsClient client, MailboxAddress mailbox) {
        var result = client.send(mailbox, REQUEST);
        var isVersionUnknown = isUnknownVersion(result);
        for (var tries = 0; isUnknownVersion(result) && tries < VERSIONS; tries++) {
            result = client.send(mailbox, REQUEST);
        }
        if (result instanceof EwsResult.Refused<List<FolderResult>>(EwsError error) && !isOfMailbox(error)) {
            add(isUnknownVersion(result) ? failed(CheckStage.VERSION, error) : refusal(error, mailbox));
            return false;
        }
        add(CheckStep.passed(CheckStage.LOG_IN, "The server accepts " + AccountName.of(config.auth()) + "."));
        version(client, isVersionUnknown);
        return true;
    }

    private static boolean isUnknownVersion(EwsResult<?> result) {
        return result instanceof EwsResult.Refused<?>(EwsError error)
                && UNKNOWN_VERSION.contains(error.code().value());
    }

    /// Returns whether EWS executed the request for the account, whatever it says about the mailbox.
    static boolean isOfMailbox(EwsError error) {
        return EwsErrorTraits.isFromExchange(error)
                && !UNKNOWN_VERSION.contains(error.code().value())
                && !(error instanceof EwsError.PermanentForConnection);
    }

    private static CheckStage stage(EwsError error) {
        var code = error.code().value();
        if (UNRESOLVED.contains(code)) {
            return CheckStage.NAME_RESOLUTION;
        }
        if (REFUSED_LOGIN.contains(code) || EwsErrorTraits.isFromExchange(error)) {
            return CheckStage.LOG_IN;
        }
        return code.startsWith("Connection") ? CheckStage.CONNECT : CheckStage.EWS;
    }

    private void version(EwsClient client, boolean isUnknown) {
        var server = client.serverVersion().map(ServerVersion::toString).orElse("of an unreported version");
        if (isUnknown) {
            add(CheckStep.failed(
                    CheckStage.VERSION,
                    "The server is " + server + " and does not know version " + config.serverVersion()
                            + "; Tidemark uses an older one after a refused request.",
                    "Set the connection's version to one that the server knows; the log names it."));
        } else {
            add(CheckStep.passed(
                    CheckStage.VERSION,
                    "The server is " + server + " and knows version " + config.serverVersion() + "."));
        }
    }

    private CheckStep refusal(EwsError error, MailboxAddress mailbox) {
        var step = failed(stage(error), error);
        return error.code().value().equals(UNAUTHORIZED) ? bindings.explain(step, mailbox) : step;
    }

    private static CheckStep failed(CheckStage stage, EwsError error) {
        return CheckStep.failed(
                stage,
                RemediationHints.cause(error),
                RemediationHints.remedy(error).orElse("Check the server and the load balancer in front of it."));
    }

    private void add(CheckStep step) {
        steps.add(step.ofConnection(config.name()));
    }
}
