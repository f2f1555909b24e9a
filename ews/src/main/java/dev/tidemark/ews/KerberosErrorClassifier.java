package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsError;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSException;

/// Classifies Kerberos failures of the JVM. Its exceptions have no codes, only texts that end in the numbers of
/// RFC 4120, section 7.5.9. Called by the threads that log in; has no state.
final class KerberosErrorClassifier {
    private KerberosErrorClassifier() {}

    /// Returns the error if the KDC gave `principal` no ticket.
    static EwsError forLogin(LoginException failure, String principal) {
        var text = texts(failure);
        if (text.contains("Unable to obtain password from user") || text.contains("keytab")) {
            return LoginErrors.permanent("The keytab holds no key of " + principal
                    + " or cannot be read; correct keytab and principal in the connection's auth.");
        }
        if (has(text, 6) || text.contains("LOOKING_UP_CLIENT")) {
            return LoginErrors.permanent(
                    "The KDC does not know " + principal + "; correct the principal in the connection's auth.");
        }
        if (has(text, 18)) {
            return LoginErrors.permanent("The account of " + principal + " is locked or disabled; enable it.");
        }
        if (has(text, 23)) {
            return LoginErrors.permanent("The password of " + principal + " has expired; set a new one.");
        }
        if (has(text, 24) || has(text, 31) || text.contains("Checksum failed") || text.contains("PREAUTH_FAILED")) {
            return LoginErrors.permanent("The KDC refuses the secret of " + principal
                    + "; correct password or keytab in the connection's auth.");
        }
        return common(text, failure);
    }

    /// Returns the error if the KDC gave no ticket for the service, or the service failed to prove its
    /// identity.
    static EwsError forService(GSSException failure, String service) {
        var text = texts(failure);
        if (has(text, 7) || text.contains("LOOKING_UP_SERVER")) {
            return LoginErrors.permanent("The KDC knows no service " + service
                    + "; register it on the account of Exchange by setspn, or correct service in the"
                    + " connection's auth.");
        }
        return common(text, failure);
    }

    private static EwsError common(String text, Throwable failure) {
        if (has(text, 37) || text.contains("Clock skew")) {
            return LoginErrors.permanent("The clocks of this machine and the KDC differ too much; synchronize them.");
        }
        if (text.contains("Cannot locate") || text.contains("Cannot get kdc") || text.contains("default realm")) {
            return LoginErrors.permanent("No KDC is known for the realm; name it in the file of krb5-conf in the"
                    + " connection's auth, or in the machine's krb5.conf.");
        }
        var unreachable = chain(failure).anyMatch(IOException.class::isInstance);
        return LoginErrors.temporary(
                unreachable
                        ? "No KDC responds; check the network to it and the file of krb5-conf."
                        : "Kerberos failed: "
                                + Optional.ofNullable(failure.getMessage()).orElse("no reason given") + ".");
    }

    private static boolean has(String text, int number) {
        return text.contains("(" + number + ")");
    }

    private static String texts(Throwable failure) {
        return chain(failure).map(String::valueOf).collect(Collectors.joining(" / "));
    }

    private static Stream<Throwable> chain(Throwable failure) {
        return Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(10);
    }
}
