package dev.tidemark.simulator;

import dev.tidemark.simulator.fault.ScriptedError;
import dev.tidemark.simulator.soap.SoapFaultException;
import dev.tidemark.simulator.soap.SoapReader;
import dev.tidemark.simulator.soap.SoapWriter;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/// Simulates the SOAP autodiscover service under `/autodiscover/autodiscover.svc`. Answers GetUserSettings with
/// this simulator's URL for each mailbox unless configured otherwise. Thread-safe.
public final class SimulatedAutodiscover {
    private static final String NAMESPACE = "http://schemas.microsoft.com/exchange/2010/Autodiscover";
    private static final String ADDRESSING = "http://www.w3.org/2005/08/addressing";
    private static final String INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";
    private static final String SCHEMAS = "Exchange2007, Exchange2007_SP1, Exchange2010, Exchange2010_SP1,"
            + " Exchange2010_SP2, Exchange2013, Exchange2013_SP1, Exchange2015, Exchange2016";
    private static final int MAX_USERS = 100;

    private final Map<MailboxAddress, Answer> answers = new HashMap<>();
    private final Deque<ScriptedError.Http> troubles = new ArrayDeque<>();
    private final List<List<MailboxAddress>> requests = new ArrayList<>();
    private final Predicate<MailboxAddress> known;
    private URI here = URI.create("http://localhost/EWS/Exchange.asmx");

    record Answer(String code, String target, String url, String grouping) {}

    SimulatedAutodiscover(Predicate<MailboxAddress> known) {
        this.known = known;
    }

    synchronized void isAt(URI ews) {
        here = ews;
    }

    synchronized URI here() {
        return here;
    }

    /// Reports another EWS URL for a mailbox.
    public synchronized void serve(MailboxAddress mailbox, URI ews, String grouping) {
        answers.put(mailbox, new Answer("NoError", "", ews.toString(), grouping));
    }

    /// Redirects a mailbox to another address.
    public synchronized void redirect(MailboxAddress mailbox, MailboxAddress to) {
        answers.put(mailbox, new Answer("RedirectAddress", to.value(), "", ""));
    }

    /// Redirects a mailbox to another service.
    public synchronized void redirect(MailboxAddress mailbox, URI to) {
        answers.put(mailbox, new Answer("RedirectUrl", to.toString(), "", ""));
    }

    /// Refuses the settings of a mailbox with a code, such as `InvalidUser` or `ServerBusy`.
    public synchronized void refuse(MailboxAddress mailbox, String code) {
        answers.put(mailbox, new Answer(code, "", "", ""));
    }

    /// Answers the next requests with these statuses in turn.
    public synchronized void respond(ScriptedError.Http... next) {
        troubles.addAll(List.of(next));
    }

    /// Returns the mailboxes of each request so far.
    public synchronized List<List<MailboxAddress>> requests() {
        return List.copyOf(requests);
    }

    synchronized SimulatorResponse respond(String body) {
        try {
            var message = SoapReader.read(body).body();
            var users = users(message);
            requests.add(users);
            var trouble = troubles.poll();
            if (trouble != null) {
                return new SimulatorResponse.Reply(trouble.status(), "text/html", "", trouble.headers());
            }
            return SimulatorResponse.Reply.xml(
                    200, users.size() > MAX_USERS ? refusal() : answers(users, settings(message)));
        } catch (SAXException | InvalidValueException | SoapFaultException e) {
            return SimulatorResponse.Reply.xml(
                    500, SoapWriter.fault(SoapFaultException.schema(String.valueOf(e.getMessage()))));
        }
    }

    /// Returns the names of the settings that a request asks for.
    private static Set<String> settings(Element message) {
        var nodes = message.getElementsByTagNameNS(NAMESPACE, "Setting");
        return IntStream.range(0, nodes.getLength())
                .mapToObj(index -> nodes.item(index).getTextContent().strip())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static List<MailboxAddress> users(Element message) {
        var nodes = message.getElementsByTagNameNS(NAMESPACE, "Mailbox");
        var found = new ArrayList<MailboxAddress>();
        for (var i = 0; i < nodes.getLength(); i++) {
            found.add(new MailboxAddress(nodes.item(i).getTextContent()));
        }
        return found;
    }

    private String answers(List<MailboxAddress> users, Set<String> wanted) {
        return message("NoError", xml -> {
            users.forEach(user -> user(xml, user, answerFor(user), wanted));
            return xml;
        });
    }

    synchronized Answer answerFor(MailboxAddress user) {
        return Optional.ofNullable(answers.get(user))
                .orElseGet(() -> known.test(user)
                        ? new Answer("NoError", "", here.toString(), "simulated")
                        : new Answer("InvalidUser", "", "", ""));
    }

    private static String refusal() {
        return message("InvalidRequest", Function.identity());
    }

    private static String message(String code, Function<XmlDocumentBuilder, XmlDocumentBuilder> users) {
        var xml =
                new XmlDocumentBuilder().open("s:Envelope", "xmlns:s", XmlDocumentBuilder.SOAP, "xmlns:a", ADDRESSING);
        header(xml);
        xml.open("s:Body")
                .open("GetUserSettingsResponseMessage", "xmlns", NAMESPACE)
                .open("Response", "xmlns:i", INSTANCE)
                .text("ErrorCode", code)
                .text("ErrorMessage", "")
                .open("UserResponses");
        return users.apply(xml).close().finish();
    }

    private static void header(XmlDocumentBuilder xml) {
        xml.open("s:Header")
                .text("a:Action", NAMESPACE + "/Autodiscover/GetUserSettingsResponse", "s:mustUnderstand", "1")
                .open("h:ServerVersionInfo", "xmlns:h", NAMESPACE, "xmlns:i", INSTANCE)
                .text("h:MajorVersion", 15)
                .text("h:MinorVersion", 2)
                .text("h:MajorBuildNumber", 1544)
                .text("h:MinorBuildNumber", 4)
                .text("h:Version", "Exchange2016")
                .close()
                .close();
    }

    private static void user(XmlDocumentBuilder xml, MailboxAddress user, Answer answer, Set<String> wanted) {
        xml.open("UserResponse").text("ErrorCode", answer.code()).text("ErrorMessage", "");
        if (answer.target().isEmpty()) {
            xml.empty("RedirectTarget", "i:nil", "true");
        } else {
            xml.text("RedirectTarget", answer.target());
        }
        xml.empty("UserSettingErrors").open("UserSettings");
        values(user, answer).forEach((name, value) -> {
            if (!value.isEmpty() && wanted.contains(name)) {
                xml.open("UserSetting", "i:type", "StringSetting")
                        .text("Name", name)
                        .text("Value", value)
                        .close();
            }
        });
        xml.close().close();
    }

    private static Map<String, String> values(MailboxAddress user, Answer answer) {
        var values = new LinkedHashMap<String, String>();
        if (answer.code().equals("NoError")) {
            values.put("UserDisplayName", user.value().replaceFirst("@.*", ""));
            values.put("AutoDiscoverSMTPAddress", user.value());
            values.put("CasVersion", "15.02.1544.004");
            values.put("EwsSupportedSchemas", SCHEMAS);
            values.put("InternalEwsUrl", answer.url());
        }
        values.put("ExternalEwsUrl", answer.url());
        values.put("GroupingInformation", answer.grouping());
        return values;
    }
}
