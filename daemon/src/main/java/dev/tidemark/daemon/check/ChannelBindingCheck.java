package dev.tidemark.daemon.check;

import dev.tidemark.daemon.check.CheckStep.CheckStage;
import dev.tidemark.ews.HttpEwsClient;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.FolderResult;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.util.List;

/// Examines a refused NTLM or Kerberos login over TLS. Extended Protection compares the certificate that the
/// connection shows with that of Exchange, so behind a load balancer with another certificate, a correct password
/// fails. Tries the login once without channel binding. Not thread-safe; used by the thread of the check.
final class ChannelBindingCheck {
    private final ConnectionConfig config;
    private final RouteCheck route;
    private final Clock clock;

    /// @param config settings of the refused login
    ChannelBindingCheck(ConnectionConfig config, RouteCheck route, Clock clock) {
        this.config = config;
        this.route = route;
        this.clock = clock;
    }

    /// Returns the failed step, with the certificate if the login sends its hash.
    CheckStep explain(CheckStep refused, MailboxAddress mailbox) {
        var certificate = route.certificate(config.url());
        var unbound = config.withoutChannelBinding();
        if (certificate.isEmpty() || unbound.isEmpty()) {
            return refused;
        }
        var shown = certificate.get();
        return accepts(unbound.get(), mailbox) ? otherCertificate(shown) : undecided(refused, shown);
    }

    private boolean accepts(ConnectionConfig unbound, MailboxAddress mailbox) {
        try (var client = HttpEwsClient.connect(unbound, clock)) {
            return switch (client.send(mailbox, LoginCheck.REQUEST)) {
                case EwsResult.Success<List<FolderResult>> ignored -> true;
                case EwsResult.Refused<List<FolderResult>>(EwsError error) -> LoginCheck.isOfMailbox(error);
            };
        }
    }

    private CheckStep otherCertificate(ServerCertificate shown) {
        return CheckStep.failed(
                CheckStage.LOG_IN,
                "The server accepts " + AccountName.of(config.auth())
                        + " without channel binding only: the connection shows " + text(shown)
                        + ", and Exchange behind it has another certificate.",
                "Set auth.channel-binding: omit on the connection, or give the load balancer and Exchange the same"
                        + " certificate.");
    }

    private static CheckStep undecided(CheckStep refused, ServerCertificate shown) {
        return CheckStep.failed(
                CheckStage.LOG_IN,
                refused.message() + " The connection shows " + text(shown) + ".",
                refused.remedy().map(text -> text + " ").orElse("")
                        + "If Get-ExchangeCertificate on the Exchange server shows another thumbprint, give both the"
                        + " same certificate or switch Extended Protection off for EWS.");
    }

    private static String text(ServerCertificate shown) {
        return shown.text() + ", thumbprint " + shown.thumbprint();
    }
}
