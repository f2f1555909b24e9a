package dev.tidemark.simulator;

import dev.tidemark.simulator.soap.ChildElementReader;
import dev.tidemark.simulator.soap.SoapReader;
import dev.tidemark.simulator.soap.XmlDocumentBuilder;
import dev.tidemark.values.InvalidValueException;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/// Autodiscover without SOAP: POX under `/autodiscover/autodiscover.xml` and JSON under
/// `/autodiscover/autodiscover.json`. It gives the same answers as [SimulatedAutodiscover]. Thread-safe.
final class PoxAutodiscover {
    private static final String RESPONSE = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";
    private static final String OUTLOOK =
            "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";

    private final SimulatedAutodiscover answers;
    private final Optional<String> host;

    /// @param host host that the client named
    PoxAutodiscover(SimulatedAutodiscover answers, Optional<String> host) {
        this.answers = answers;
        this.host = host;
    }

    SimulatorResponse respond(String body) {
        return SimulatorResponse.Reply.xml(
                200, address(body).map(this::document).orElseGet(() -> error("600", "Invalid Request")));
    }

    private static Optional<MailboxAddress> address(String body) {
        try {
            var nodes = SoapReader.parse(body).getElementsByTagNameNS("*", "EMailAddress");
            return nodes.item(0) instanceof Element element
                    ? Optional.of(new MailboxAddress(ChildElementReader.text(element)))
                    : Optional.empty();
        } catch (SAXException | InvalidValueException noRequest) {
            return Optional.empty();
        }
    }

    private String document(MailboxAddress user) {
        var answer = answers.answerFor(user, host);
        return switch (answer.code()) {
            case "NoError" -> settings(user, answer.url());
            case "RedirectAddress" -> redirect("redirectAddr", "RedirectAddr", answer.target());
            case "RedirectUrl" -> redirect("redirectUrl", "RedirectUrl", answer.target());
            default -> error("500", "The e-mail address cannot be found.");
        };
    }

    private static String settings(MailboxAddress user, String url) {
        var xml = response();
        xml.open("User")
                .text("DisplayName", user.value().replaceFirst("@.*", ""))
                .text("LegacyDN", "/o=Simulated/cn=Recipients/cn=" + user.value())
                .text("AutoDiscoverSMTPAddress", user.value())
                .close()
                .open("Account")
                .text("AccountType", "email")
                .text("Action", "settings");
        for (var type : new String[] {"EXCH", "EXPR"}) {
            xml.open("Protocol")
                    .text("Type", type)
                    .text("Server", "ex01.simulated.example")
                    .text("ServerVersion", "73D28608")
                    .text("ASUrl", url)
                    .text("EwsUrl", url)
                    .close();
        }
        return xml.finish();
    }

    private static String redirect(String action, String element, String target) {
        return response()
                .open("Account")
                .text("Action", action)
                .text(element, target)
                .finish();
    }

    private static String error(String code, String message) {
        return new XmlDocumentBuilder()
                .open("Autodiscover", "xmlns", RESPONSE)
                .open("Response")
                .open("Error", "Time", "09:00:00.0000000", "Id", "1943310282")
                .text("ErrorCode", code)
                .text("Message", message)
                .empty("DebugData")
                .finish();
    }

    private static XmlDocumentBuilder response() {
        return new XmlDocumentBuilder().open("Autodiscover", "xmlns", RESPONSE).open("Response", "xmlns", OUTLOOK);
    }

    /// Answers a request for JSON, whose path ends in the address. It needs no login.
    SimulatorResponse json(URI target) {
        var path = Optional.ofNullable(target.getRawPath()).orElse("");
        var query = Optional.ofNullable(target.getQuery()).orElse("");
        if (!query.toLowerCase(Locale.ROOT).contains("protocol=ews")) {
            return failure("InvalidProtocol", "The given protocol value is invalid.");
        }
        var name = URLDecoder.decode(path.substring(path.lastIndexOf('/') + 1), StandardCharsets.UTF_8);
        try {
            var answer = answers.answerFor(new MailboxAddress(name), host);
            return answer.code().equals("NoError")
                    ? SimulatorResponse.Reply.json("{\"Protocol\":\"Ews\",\"Url\":\"" + answer.url() + "\"}")
                    : failure("MailboxNotFound", "The mailbox cannot be found.");
        } catch (InvalidValueException notAnAddress) {
            return failure("InvalidUserId", "The given user ID is invalid.");
        }
    }

    private static SimulatorResponse failure(String code, String message) {
        return SimulatorResponse.Reply.json("{\"ErrorCode\":\"" + code + "\",\"ErrorMessage\":\"" + message + "\"}");
    }
}
