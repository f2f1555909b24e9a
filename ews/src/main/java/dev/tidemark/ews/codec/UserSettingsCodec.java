package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.EwsNamespaces;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.ews.message.UserSettings;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SkipReason;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes and reads GetUserSettings of the SOAP autodiscover service (docs, getusersettings-operation-soap).
/// Evaluates each user and setting of a response separately: counts and skips one that it cannot understand.
/// Not thread-safe; an instance is used for one response.
public final class UserSettingsCodec {
    public static final String ACTION = EwsNamespaces.AUTODISCOVER + "/Autodiscover/GetUserSettings";

    private static final String EXTERNAL = "ExternalEwsUrl";
    private static final String INTERNAL = "InternalEwsUrl";
    private static final String GROUPING = "GroupingInformation";

    private final XmlCursor cursor;
    private final SkipTally skips;

    private UserSettingsCodec(XmlCursor cursor, SkipTally skips) {
        this.cursor = cursor;
        this.skips = skips;
    }

    /// Returns the request. Servers of 2010 support fewer settings, and refuse a request with an unknown one.
    public static byte[] write(URI service, List<MailboxAddress> mailboxes, String serverVersion) {
        var old = serverVersion.startsWith("Exchange2010");
        var xml = XmlBuilder.envelope("s", "a", "w");
        xml.start("s:Header")
                .leaf("a:RequestedServerVersion", old ? "Exchange2010" : "Exchange2013")
                .leaf("w:Action", ACTION)
                .leaf("w:To", service.toString())
                .end();
        xml.start("s:Body").start("a:GetUserSettingsRequestMessage").start("a:Request");
        xml.start("a:Users");
        mailboxes.forEach(mailbox ->
                xml.start("a:User").leaf("a:Mailbox", mailbox.value()).end());
        xml.end().start("a:RequestedSettings");
        for (var setting : old ? List.of(EXTERNAL, INTERNAL) : List.of(EXTERNAL, INTERNAL, GROUPING)) {
            xml.leaf("a:Setting", setting);
        }
        return xml.bytes();
    }

    /// Reads the response to GetUserSettings.
    ///
    /// @param skips tally of the skipped parts
    public static UserSettings read(byte[] body, SkipTally skips) throws MalformedMessageException {
        try (var cursor = XmlCursor.over(body)) {
            return new UserSettingsCodec(cursor, skips).read();
        }
    }

    private UserSettings read() throws MalformedMessageException {
        if (!cursor.is(EwsNamespaces.SOAP, "Envelope")) {
            throw new MalformedMessageException("The response is not a SOAP 1.1 envelope.");
        }
        to(EwsNamespaces.SOAP, "Body");
        if (!cursor.nextChild()) {
            throw new MalformedMessageException("The response's envelope has no body.");
        }
        if (cursor.is(EwsNamespaces.SOAP, "Fault")) {
            return fault();
        }
        if (!cursor.is(EwsNamespaces.AUTODISCOVER, "GetUserSettingsResponseMessage")) {
            throw new MalformedMessageException("The envelope's body is no GetUserSettingsResponseMessage.");
        }
        to(EwsNamespaces.AUTODISCOVER, "Response");
        return response();
    }

    private void to(String namespace, String name) throws MalformedMessageException {
        while (cursor.nextChild()) {
            if (cursor.is(namespace, name)) {
                return;
            }
            cursor.skip();
        }
        throw new MalformedMessageException("The response holds no " + name + ".");
    }

    private UserSettings fault() throws MalformedMessageException {
        var text = "";
        while (cursor.nextChild()) {
            if (cursor.name().equals("faultstring")) {
                text = cursor.text();
            } else {
                cursor.skip();
            }
        }
        return new UserSettings("Fault", text, List.of());
    }

    private UserSettings response() throws MalformedMessageException {
        var leaves = new HashMap<String, String>();
        var users = new ArrayList<UserSettings.User>();
        while (cursor.nextChild()) {
            if (!cursor.is(EwsNamespaces.AUTODISCOVER, "UserResponses")) {
                leaf(leaves);
                continue;
            }
            while (cursor.nextChild()) {
                if (cursor.is(EwsNamespaces.AUTODISCOVER, "UserResponse")) {
                    users.add(user());
                } else {
                    skips.count(SkipReason.UNKNOWN_ELEMENT);
                    cursor.skip();
                }
            }
        }
        return new UserSettings(code(leaves, users.isEmpty()), leaves.getOrDefault("ErrorMessage", ""), users);
    }

    private UserSettings.User user() throws MalformedMessageException {
        var leaves = new HashMap<String, String>();
        var settings = new HashMap<String, String>();
        while (cursor.nextChild()) {
            if (cursor.is(EwsNamespaces.AUTODISCOVER, "UserSettings")) {
                while (cursor.nextChild()) {
                    setting(settings);
                }
            } else {
                leaf(leaves);
            }
        }
        return new UserSettings.User(
                code(leaves, settings.isEmpty()),
                leaves.getOrDefault("ErrorMessage", ""),
                filled(leaves, "RedirectTarget"),
                address(settings, EXTERNAL).or(() -> address(settings, INTERNAL)),
                filled(settings, GROUPING));
    }

    /// Treats content without a code as no error.
    private static String code(Map<String, String> leaves, boolean empty) {
        return leaves.getOrDefault("ErrorCode", empty ? "" : UserSettings.NO_ERROR);
    }

    private void setting(Map<String, String> into) throws MalformedMessageException {
        var parts = new HashMap<String, String>();
        while (cursor.nextChild()) {
            leaf(parts);
        }
        into.put(parts.getOrDefault("Name", ""), parts.getOrDefault("Value", ""));
    }

    /// Reads an element of plain text; skips all others.
    private void leaf(Map<String, String> into) throws MalformedMessageException {
        switch (cursor.name()) {
            case "ErrorCode", "ErrorMessage", "RedirectTarget", "Name", "Value" ->
                into.put(cursor.name(), cursor.text());
            default -> cursor.skip();
        }
    }

    private Optional<String> address(Map<String, String> settings, String name) {
        return filled(settings, name)
                .flatMap(text -> skips.counted(
                        Optional.of(text).filter(UserSettingsCodec::isAddress), SkipReason.UNREADABLE_VALUE));
    }

    private static boolean isAddress(String text) {
        try {
            return new URI(text).isAbsolute();
        } catch (URISyntaxException expected) {
            return false;
        }
    }

    private static Optional<String> filled(Map<String, String> values, String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
    }
}
