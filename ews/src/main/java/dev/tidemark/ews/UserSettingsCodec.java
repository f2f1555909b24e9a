package dev.tidemark.ews;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes and reads GetUserSettings of the SOAP autodiscover service (docs, getusersettings-operation-soap).
/// Its answers are small and few, so a walk by hand does; unknown elements are stepped over.
final class UserSettingsCodec {
    static final String ACTION = Namespaces.AUTODISCOVER + "/Autodiscover/GetUserSettings";

    private static final String EXTERNAL = "ExternalEwsUrl";
    private static final String INTERNAL = "InternalEwsUrl";
    private static final String GROUPING = "GroupingInformation";

    private UserSettingsCodec() {}

    /// Servers of 2010 know fewer settings, and refuse a request that names one they do not know.
    static byte[] write(URI service, List<MailboxAddress> mailboxes, String serverVersion) {
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

    static UserSettings read(byte[] body) throws MalformedMessageException {
        try (var cursor = XmlCursor.over(body)) {
            if (!cursor.is(Namespaces.SOAP, "Envelope")) {
                throw new MalformedMessageException("The answer is not a SOAP 1.1 envelope.");
            }
            to(cursor, Namespaces.SOAP, "Body");
            if (!cursor.nextChild()) {
                throw new MalformedMessageException("The answer's envelope has no body.");
            }
            if (cursor.is(Namespaces.SOAP, "Fault")) {
                return fault(cursor);
            }
            if (!cursor.is(Namespaces.AUTODISCOVER, "GetUserSettingsResponseMessage")) {
                throw new MalformedMessageException("The envelope's body is no GetUserSettingsResponseMessage.");
            }
            to(cursor, Namespaces.AUTODISCOVER, "Response");
            return response(cursor);
        }
    }

    private static void to(XmlCursor cursor, String namespace, String name) throws MalformedMessageException {
        while (cursor.nextChild()) {
            if (cursor.is(namespace, name)) {
                return;
            }
            cursor.skip();
        }
        throw new MalformedMessageException("The answer holds no " + name + ".");
    }

    private static UserSettings fault(XmlCursor cursor) throws MalformedMessageException {
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

    private static UserSettings response(XmlCursor cursor) throws MalformedMessageException {
        var leaves = new HashMap<String, String>();
        var users = new ArrayList<UserSettings.User>();
        while (cursor.nextChild()) {
            if (!cursor.is(Namespaces.AUTODISCOVER, "UserResponses")) {
                leaf(cursor, leaves);
                continue;
            }
            while (cursor.nextChild()) {
                users.add(user(cursor));
            }
        }
        return new UserSettings(leaves.getOrDefault("ErrorCode", ""), leaves.getOrDefault("ErrorMessage", ""), users);
    }

    private static UserSettings.User user(XmlCursor cursor) throws MalformedMessageException {
        var leaves = new HashMap<String, String>();
        var settings = new HashMap<String, String>();
        while (cursor.nextChild()) {
            if (cursor.is(Namespaces.AUTODISCOVER, "UserSettings")) {
                while (cursor.nextChild()) {
                    setting(cursor, settings);
                }
            } else {
                leaf(cursor, leaves);
            }
        }
        return new UserSettings.User(
                leaves.getOrDefault("ErrorCode", ""),
                leaves.getOrDefault("ErrorMessage", ""),
                filled(leaves, "RedirectTarget"),
                filled(settings, EXTERNAL).or(() -> filled(settings, INTERNAL)),
                filled(settings, GROUPING));
    }

    private static void setting(XmlCursor cursor, Map<String, String> into) throws MalformedMessageException {
        var parts = new HashMap<String, String>();
        while (cursor.nextChild()) {
            leaf(cursor, parts);
        }
        into.put(parts.getOrDefault("Name", ""), parts.getOrDefault("Value", ""));
    }

    /// Of what is asked for here, only these are plain text.
    private static void leaf(XmlCursor cursor, Map<String, String> into) throws MalformedMessageException {
        switch (cursor.name()) {
            case "ErrorCode", "ErrorMessage", "RedirectTarget", "Name", "Value" ->
                into.put(cursor.name(), cursor.text());
            default -> cursor.skip();
        }
    }

    private static Optional<String> filled(Map<String, String> values, String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
    }
}
