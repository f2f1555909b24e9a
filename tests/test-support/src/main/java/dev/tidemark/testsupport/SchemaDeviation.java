package dev.tidemark.testsupport;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.xml.sax.SAXException;

/// Documents that violate the schema as those of real servers do. `docs/simulator.md` lists them with their reasons.
enum SchemaDeviation {
    /// Fault of SOAP, which Exchange's schema does not describe.
    SOAP_FAULT("<(\\w+:)?Fault[ >]"),
    /// Error callback, which has no Notification on real servers.
    ERROR_CALLBACK("SendNotificationResponseMessage ResponseClass=\"Error\""),
    /// Text with characters that XML 1.0 forbids, as in mails that Exchange stores.
    CONTROL_CHARACTERS("(?i)&#x(0?[0-8BCEF]|1[0-9A-F]|FFF[EF]);|[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\ufffe\uffff]"),
    /// Response that a test damages on purpose.
    DAMAGED_MARKUP("<</"),
    /// Entry without content or of an unknown kind, which users of EWS clients reported.
    CORRUPT_ENTRY("\"AAMk(Nowhere|Vanished)\"|<t:Create/>|<t:NewMailEvent/>|<t:ItemId ChangeKey=\"AAAA\"/>"),
    /// The same entry among folders, where the schema has no messages.
    CORRUPT_FOLDER("SyncFolderHierarchyResponse.*<t:Create><t:Message>");

    /// Missing in a page of a proxy or of IIS, in an empty body, and in the refusal of a listener.
    private static final Pattern ENVELOPE = Pattern.compile("<(\\w+:)?Envelope");

    private final Pattern sign;

    SchemaDeviation(String sign) {
        this.sign = Pattern.compile(sign, Pattern.DOTALL);
    }

    /// Returns whether a document violates the schema only by a response code that the schema does not have: that of a
    /// later server, or one that documents spell in another way.
    static boolean isUnknownCode(SAXException violation) {
        return String.valueOf(violation.getMessage()).startsWith("cvc-enumeration-valid: Value 'Error");
    }

    /// Returns whether a document need not be valid.
    static boolean explains(String document) {
        return !ENVELOPE.matcher(document).find()
                || Arrays.stream(values())
                        .anyMatch(each -> each.sign.matcher(document).find());
    }
}
