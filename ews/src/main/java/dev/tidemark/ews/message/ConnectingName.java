package dev.tidemark.ews.message;

import dev.tidemark.values.MailboxAddress;
import java.util.Arrays;
import java.util.Optional;

/// Kinds of names by which the account impersonates a mailbox: the choices of `ConnectingSID` (XSD,
/// ConnectingSIDType).
public enum ConnectingName {
    SMTP_ADDRESS("smtp-address", "SmtpAddress"),
    PRIMARY_SMTP_ADDRESS("primary-smtp-address", "PrimarySmtpAddress"),
    PRINCIPAL_NAME("principal-name", "PrincipalName"),
    SID("sid", "SID");

    private final String label;
    private final String element;

    ConnectingName(String label, String element) {
        this.label = label;
        this.element = element;
    }

    /// Returns the kind that Microsoft's managed client uses for a version: the primary address for
    /// Exchange2007_SP1 only (ews-managed-api, ImpersonatedUserId). A subscription made by the primary address may
    /// never call back (exchangelib #743).
    public static ConnectingName defaultFor(String serverVersion) {
        return serverVersion.startsWith("Exchange2007") ? PRIMARY_SMTP_ADDRESS : SMTP_ADDRESS;
    }

    public static Optional<ConnectingName> ofLabel(String label) {
        return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst();
    }

    /// Returns the name in the configuration.
    public String label() {
        return label;
    }

    public String element() {
        return element;
    }

    /// Lookup of the SIDs of mailboxes. The list of mailboxes changes during the life of a client, so each request
    /// looks up its SID. Thread-safe.
    public interface SidLookup {
        /// Lookup without SIDs.
        SidLookup NONE = mailbox -> Optional.empty();

        Optional<String> find(MailboxAddress mailbox);
    }
}
