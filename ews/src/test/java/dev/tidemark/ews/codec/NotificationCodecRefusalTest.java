package dev.tidemark.ews.codec;

import static dev.tidemark.ews.SoapText.bytes;
import static dev.tidemark.ews.SoapText.callback;
import static dev.tidemark.ews.SoapText.envelope;
import static dev.tidemark.ews.SoapText.heartbeat;
import static dev.tidemark.ews.SoapText.newMail;
import static dev.tidemark.ews.SoapText.sendNotification;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.ews.SoapText;
import dev.tidemark.ews.message.EwsNamespaces;
import dev.tidemark.ews.message.MalformedMessageException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NotificationCodecRefusalTest {
    private static final String SECRET = "item-that-must-not-be-echoed";

    private final NotificationCodec codec = new NotificationCodec();

    static Stream<Arguments> malformed() {
        var good = callback(newMail("w", SECRET));
        return Stream.of(
                Arguments.of("nothing", ""),
                Arguments.of("blanks", "  \n "),
                Arguments.of("text", "hello"),
                Arguments.of("JSON", "{\"a\":1}"),
                Arguments.of("an end without a beginning", "</a>"),
                Arguments.of("a missing end", good.replace("</soap11:Envelope>", "")),
                Arguments.of("something after the end", good + "<more/>"),
                Arguments.of("two envelopes", good + good.replaceFirst("<\\?xml.*\\?>", "")),
                Arguments.of("SOAP 1.2", good.replace(EwsNamespaces.SOAP, "http://www.w3.org/2003/05/soap-envelope")),
                Arguments.of("no SOAP namespace", good.replace(EwsNamespaces.SOAP, "urn:other")),
                Arguments.of("https in the SOAP namespace", good.replace("http://schemas.xml", "https://schemas.xml")),
                Arguments.of("a foreign messages namespace", good.replace(SoapText.M, "urn:other")),
                Arguments.of("a foreign types namespace", good.replace(SoapText.T, "urn:other")),
                Arguments.of("an undeclared prefix", good.replace("t:NewMailEvent", "z:NewMailEvent")),
                Arguments.of("an empty envelope", "<s:Envelope xmlns:s='" + EwsNamespaces.SOAP + "'/>"),
                Arguments.of("an empty body", envelope("")),
                Arguments.of("another message", envelope("<m:GetItem/>")),
                Arguments.of("no response message", sendNotification("")),
                Arguments.of("no subscription id", good.replace("SubscriptionId", "Other")),
                Arguments.of("an empty subscription id", good.replace("sub-1", " ")),
                Arguments.of("no notification in a success", good.replace("m:Notification>", "m:Other>")),
                Arguments.of("a DTD", "<!DOCTYPE x><x/>"),
                Arguments.of(
                        "a DTD before a good message", withDtd("<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/x.dtd'>", good)),
                Arguments.of(
                        "an external entity",
                        withDtd("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", good.replace("wm-0", "&e;"))),
                Arguments.of(
                        "a billion laughs", withDtd("<!DOCTYPE a [" + laughs() + "]>", good.replace("wm-0", "&l9;"))),
                Arguments.of("an undeclared entity", good.replace("wm-0", "&nbsp;")),
                Arguments.of("an undeclared entity in an attribute", good.replace("CQAAAA==", "&e;")),
                Arguments.of("a reference without a number", good.replace("wm-0", "&#;")),
                Arguments.of("deep nesting", callback(heartbeat("w") + "<t:a>".repeat(100) + "</t:a>".repeat(100))),
                Arguments.of("bottomless nesting", "<a>".repeat(100_000)),
                Arguments.of("a huge text", good.replace("wm-0", "w".repeat(70_000))),
                Arguments.of("a huge attribute", good.replace("CQAAAA==", "C".repeat(70_000))),
                Arguments.of(
                        "a huge attribute outside of the protocol",
                        good.replace("<m:SendNotification>", "<m:SendNotification z='" + "C".repeat(70_000) + "'>")),
                Arguments.of(
                        "many attributes",
                        good.replace("<m:SendNotification>", "<m:SendNotification" + many(" a%d='1'", 33) + ">")),
                Arguments.of(
                        "many namespaces",
                        good.replace("<m:SendNotification>", "<m:SendNotification" + many(" xmlns:a%d='1'", 33) + ">")),
                Arguments.of(
                        "the same attribute twice",
                        good.replace("<m:SendNotification>", "<m:SendNotification a='1' a='2'>")),
                Arguments.of(
                        "too many events", callback(heartbeat("w").repeat(NotificationElementReader.MAX_EVENTS + 1))),
                Arguments.of(
                        "too many elements",
                        callback(heartbeat("w") + "<t:x>" + "<t:y/>".repeat(XmlLimits.MAX_ELEMENTS) + "</t:x>")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void refuses_in_one_sentence_without_echo(String what, String body) {
        refused(bytes(body));
    }

    static Stream<Arguments> floods() {
        return Stream.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)
                .flatMap(charset -> Stream.of(
                        Arguments.of("<a" + many(" a%d='1'", 20_000) + "/>", charset),
                        Arguments.of("<a" + many(" a%d = \"<\"", 20_000).replace('<', '\u3c3c') + "/>", charset),
                        Arguments.of("<!-- <x ' --><a" + many(" xmlns:a%d='>'", 20_000) + "/>", charset)));
    }

    /// The parser alone needs seconds for these, because it compares each attribute with all earlier ones.
    @ParameterizedTest
    @MethodSource("floods")
    void refuses_a_flood_of_attributes_before_the_parser_has_to_compare_them(String body, Charset charset) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> codec.decode(body.getBytes(charset)))
                .withMessage("An element has more than 256 attributes.");
    }

    @Test
    void takes_many_events_whose_elements_have_few_attributes_each() throws Exception {
        var body = callback(newMail("w", "an='id'").repeat(200));

        assertThat(codec.decode(bytes(body)).messages()).isNotEmpty();
    }

    @Test
    void refuses_a_message_that_ends_anywhere_early() {
        var whole = bytes(callback(newMail("w", SECRET)).strip());

        for (var length = 0; length < whole.length; length++) {
            refused(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void refuses_a_declaration_without_the_name_of_an_encoding() {
        var body = callback(heartbeat("wm-ä"));

        refused(bytes(body.replace("encoding=\"utf-8\"", "encoding=\"\"")));
        refused(bytes(body.replace("encoding=\"utf-8\"", "encoding=")));
    }

    /// Checks that any bytes lead to a message or a refusal.
    @Test
    void never_fails_otherwise_for_damaged_bytes() {
        var random = new Random(20261122);
        var whole = bytes(callback(newMail("w", SECRET) + heartbeat("x")));
        for (var round = 0; round < 20_000; round++) {
            var damaged = whole.clone();
            IntStream.rangeClosed(0, random.nextInt(4))
                    .forEach(i -> damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256));
            try {
                codec.decode(damaged);
            } catch (MalformedMessageException expected) {
                assertThat(expected.getMessage()).endsWith(".");
            }
        }
    }

    private void refused(byte[] body) {
        assertThatExceptionOfType(MalformedMessageException.class)
                .isThrownBy(() -> codec.decode(body))
                .satisfies(e -> assertThat(e.getMessage())
                        .matches("[A-Z][^\\n]*\\.")
                        .hasSizeLessThan(140)
                        .doesNotContain(SECRET));
    }

    private static String withDtd(String dtd, String message) {
        return message.replaceFirst("\\?>", "?>" + dtd);
    }

    private static String laughs() {
        var entities = new StringBuilder("<!ENTITY l0 'ha'>");
        for (var i = 1; i < 10; i++) {
            entities.append("<!ENTITY l%d '%s'>".formatted(i, ("&l" + (i - 1) + ";").repeat(10)));
        }
        return entities.toString();
    }

    private static String many(String format, int count) {
        return IntStream.range(0, count).mapToObj(format::formatted).collect(Collectors.joining());
    }
}
