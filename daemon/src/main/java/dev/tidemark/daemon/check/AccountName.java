package dev.tidemark.daemon.check;

import dev.tidemark.ews.config.ConnectionConfig.Auth;

/// Names the account of a login in steps. Has no state.
final class AccountName {
    private AccountName() {}

    static String of(Auth auth) {
        return switch (auth) {
            case Auth.None ignored -> "requests without a login";
            case Auth.Basic basic -> "the account " + basic.username();
            case Auth.Ntlm ntlm -> "the account " + ntlm.username();
            case Auth.Kerberos kerberos -> "the principal " + kerberos.principal();
            case Auth.OAuth2 oauth -> "the client " + oauth.clientId();
        };
    }
}
