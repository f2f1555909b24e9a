package dev.tidemark.ews;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.ews.codec.UserSettingsCodec;
import dev.tidemark.ews.config.AutodiscoverConfig;
import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.ews.message.UserSettings;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SkipReason;
import dev.tidemark.values.SkippedParts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests the client against a real server on loopback.
@Timeout(180)
class AutodiscoverClientTest {
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");
    private static final MailboxAddress EVE = new MailboxAddress("eve@example.com");
    private static final Pattern MAILBOX = Pattern.compile("<a:Mailbox>([^<]*)</a:Mailbox>");

    private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void asks_for_several_at_once_and_tells_each_from_the_others() {
        users(
                "/autodiscover",
                mailbox -> mailbox.equals("ada@example.com")
                        ? at("https://mail.example.com/EWS/Exchange.asmx", "g1")
                        : error("InvalidUser", "No such user."));
        var located = locate("mail.example.com");
        assertThat(located)
                .hasSize(2)
                .contains(new AutodiscoverResult.At(
                        ADA, URI.create("https://mail.example.com/EWS/Exchange.asmx"), Optional.of("g1")));
        assertThat(located.getLast()).isInstanceOfSatisfying(AutodiscoverResult.Unknown.class, unknown -> {
            assertThat(unknown.mailbox()).isEqualTo(EVE);
            assertThat(unknown.error()).isInstanceOf(EwsError.PermanentForMailbox.class);
            assertThat(unknown.error().code().value()).isEqualTo("AutodiscoverInvalidUser");
        });
        assertThat(sent)
                .singleElement()
                .asString()
                .contains("<a:Setting>ExternalEwsUrl</a:Setting>", "<a:Setting>GroupingInformation</a:Setting>");
    }

    @Test
    void follows_addresses_and_services_as_one_request_each() {
        users(
                "/autodiscover",
                mailbox -> mailbox.endsWith("@example.com")
                        ? redirect("RedirectAddress", mailbox.replace("@example.com", "@other.example"))
                        : redirect("RedirectUrl", base() + "/second"));
        users("/second", mailbox -> at("http://127.0.0.1/EWS/of/" + mailbox, ""));
        assertThat(locate("127.0.0.1"))
                .containsExactlyInAnyOrder(
                        new AutodiscoverResult.At(
                                ADA, URI.create("http://127.0.0.1/EWS/of/ada@other.example"), Optional.empty()),
                        new AutodiscoverResult.At(
                                EVE, URI.create("http://127.0.0.1/EWS/of/eve@other.example"), Optional.empty()));
        assertThat(sent).hasSize(3);
    }

    @Test
    void follows_a_redirection_of_http() {
        serve("/autodiscover", exchange -> {
            exchange.getResponseHeaders().add("Location", "/second");
            answer(exchange, 302, "");
        });
        users("/second", mailbox -> at("http://127.0.0.1/EWS", ""));
        assertThat(locate("127.0.0.1")).hasSize(2).allMatch(AutodiscoverResult.At.class::isInstance);
    }

    @Test
    void sends_nothing_where_credentials_must_not_go() {
        users(
                "/autodiscover",
                mailbox -> mailbox.equals("ada@example.com")
                        ? redirect("RedirectUrl", "https://elsewhere.example/autodiscover.svc")
                        : at("https://mail.elsewhere.example/EWS", ""));
        assertThat(locate())
                .containsExactlyInAnyOrder(
                        new AutodiscoverResult.Elsewhere(ADA, "elsewhere.example"),
                        new AutodiscoverResult.Elsewhere(EVE, "mail.elsewhere.example"));
    }

    @Test
    void sends_nothing_in_the_clear_off_loopback() {
        users("/autodiscover", mailbox -> redirect("RedirectUrl", "http://mail.example.com/autodiscover.svc"));
        assertThat(locate("mail.example.com"))
                .containsExactlyInAnyOrder(
                        new AutodiscoverResult.Elsewhere(ADA, "http://mail.example.com"),
                        new AutodiscoverResult.Elsewhere(EVE, "http://mail.example.com"));
    }

    @Test
    void does_not_walk_in_circles() {
        users("/autodiscover", mailbox -> redirect("RedirectUrl", base() + "/autodiscover"));
        assertThat(locate())
                .hasSize(2)
                .allSatisfy(located -> assertThat(located)
                        .isInstanceOfSatisfying(
                                AutodiscoverResult.Unknown.class,
                                unknown -> assertThat(unknown.error().code().value())
                                        .isEqualTo("AutodiscoverRoundabout")));
        assertThat(sent).hasSize(1);
    }

    @Test
    void does_not_walk_for_ever() {
        users("/autodiscover", mailbox -> redirect("RedirectAddress", "x" + mailbox));
        assertThat(locate()).hasSize(2).allMatch(AutodiscoverResult.Unknown.class::isInstance);
        assertThat(sent).hasSizeLessThan(15);
    }

    @ParameterizedTest
    @CsvSource({"ServerBusy, RetryAfter", "InternalServerError, RetryAfter", "InvalidRequest, PermanentForConnection"})
    void an_error_of_the_whole_answer_is_everybodys(String code, String reaction) {
        serve("/autodiscover", exchange -> answer(exchange, 200, message(code, "")));
        assertThat(refusal().getClass().getSimpleName()).isEqualTo(reaction);
        assertThat(refusal().code().value()).isEqualTo("Autodiscover" + code);
    }

    @Test
    void an_answer_without_end_is_not_read_to_the_end() {
        serve("/autodiscover", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 0);
            var block = new byte[64 * 1024];
            try (var body = exchange.getResponseBody()) {
                // until the client closes the connection
                for (var sent = 0L; sent < 1L << 32; sent += block.length) {
                    body.write(block);
                }
            }
        });
        assertThat(refusal().code().value()).isEqualTo("HttpTooLarge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", "deep"})
    void an_answer_with_entities_or_endless_nesting_is_refused(String kind) {
        var whole = message("NoError", kind.equals("deep") ? "<UserResponse>".repeat(100_000) : "");
        serve("/autodiscover", exchange -> answer(exchange, 200, kind.equals("deep") ? whole : kind + whole));
        assertThat(refusal()).isInstanceOf(EwsError.RetryAfter.class);
    }

    @Test
    void a_busy_front_end_says_how_long() {
        serve("/autodiscover", exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "30");
            answer(exchange, 503, "");
        });
        assertThat(refusal())
                .isInstanceOfSatisfying(
                        EwsError.RetryAfter.class,
                        retry -> assertThat(retry.backOff()).contains(Duration.ofSeconds(30)));
    }

    @Test
    void understands_what_servers_send() throws Exception {
        var settings = UserSettingsCodec.read(
                SharedSamples.sample("resp_autod_getusersettings_ews.xml"), new SkipTally(SkipTally.GET_USER_SETTINGS));
        assertThat(settings.users()).singleElement().satisfies(user -> {
            assertThat(user.ewsUrl()).isPresent();
            assertThat(user.grouping()).isPresent();
        });
        var redirected = UserSettingsCodec.read(
                SharedSamples.sample("resp_autod_redirectaddress.xml"), new SkipTally(SkipTally.GET_USER_SETTINGS));
        assertThat(redirected.users())
                .containsExactly(new UserSettings.User(
                        "RedirectAddress",
                        "Redirection address.",
                        Optional.of("elvin@mail.contoso.com"),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void a_user_that_is_left_out_costs_no_other() {
        users("/autodiscover", mailbox -> mailbox.startsWith("eve") ? "" : at("http://127.0.0.1/EWS", ""));

        assertThat(locate("127.0.0.1"))
                .hasSize(2)
                .contains(new AutodiscoverResult.At(ADA, URI.create("http://127.0.0.1/EWS"), Optional.empty()))
                .anySatisfy(located -> assertThat(located)
                        .isInstanceOfSatisfying(
                                AutodiscoverResult.Unknown.class,
                                unknown -> assertThat(unknown.error()).isInstanceOf(EwsError.RetryAfter.class)));
        assertThat(sent).hasSize(3);
    }

    @Test
    void elements_between_users_are_no_users() {
        users("/autodiscover", mailbox -> "<Odd/>" + at("http://127.0.0.1/EWS/\u0001", ""));

        assertThat(locate("127.0.0.1")).hasSize(2);
        assertThat(sent).hasSize(1);
    }

    @Test
    void an_address_that_is_none_is_replaced_by_the_internal_one() {
        users(
                "/autodiscover",
                mailbox -> user(
                        "NoError",
                        "",
                        "<RedirectTarget><Odd/></RedirectTarget>",
                        setting("ExternalEwsUrl", "http://[not/an address") + "<UserSetting/><Odd/>"
                                + setting("InternalEwsUrl", "http://127.0.0.1/EWS")));

        assertThat(locate("127.0.0.1"))
                .containsExactlyInAnyOrder(
                        new AutodiscoverResult.At(ADA, URI.create("http://127.0.0.1/EWS"), Optional.empty()),
                        new AutodiscoverResult.At(EVE, URI.create("http://127.0.0.1/EWS"), Optional.empty()));
    }

    @Test
    void a_user_with_settings_and_no_code_is_served() {
        users("/autodiscover", mailbox -> at("http://127.0.0.1/EWS", "").replace("<ErrorCode>NoError</ErrorCode>", ""));

        assertThat(locate("127.0.0.1")).hasSize(2).allMatch(AutodiscoverResult.At.class::isInstance);
    }

    @Test
    void reports_what_it_passes_over() {
        users("/autodiscover", mailbox -> "<Odd/>" + at("http://127.0.0.1/EWS", ""));
        var reported = new ArrayList<SkippedParts>();
        var config = new AutodiscoverConfig(connection(), List.of("127.0.0.1"), false);
        try (var autodiscover = new AutodiscoverClient(
                config,
                each -> HttpEwsClient.connect(each, Clock.systemUTC(), (mailbox, parts) -> reported.add(parts)))) {
            autodiscover.locate(List.of(ADA, EVE));
        }

        assertThat(reported)
                .containsExactly(new SkippedParts("GetUserSettings", Map.of(SkipReason.UNKNOWN_ELEMENT, 2)));
    }

    @Test
    void a_wildcard_stands_for_what_is_below_a_domain() {
        var config = new AutodiscoverConfig(connection(), List.of("*.Example.com"), false);
        assertThat(config.trusts(URI.create("https://mail.example.COM/EWS"))).isTrue();
        assertThat(config.trusts(URI.create("https://example.com/EWS"))).isFalse();
        assertThat(config.trusts(URI.create("https://badexample.com/EWS"))).isFalse();
    }

    private List<AutodiscoverResult> locate(String... allowed) {
        try (var autodiscover = autodiscover(allowed)) {
            return ((EwsResult.Success<List<AutodiscoverResult>>) autodiscover.locate(List.of(ADA, EVE))).value();
        }
    }

    private EwsError refusal() {
        try (var autodiscover = autodiscover()) {
            return ((EwsResult.Refused<List<AutodiscoverResult>>) autodiscover.locate(List.of(ADA, EVE))).error();
        }
    }

    private AutodiscoverClient autodiscover(String... allowed) {
        var config = new AutodiscoverConfig(connection(), List.of(allowed), false);
        return new AutodiscoverClient(config, each -> HttpEwsClient.connect(each, Clock.systemUTC()));
    }

    private ConnectionConfig connection() {
        return new ConnectionConfig(
                "onprem",
                URI.create(base() + "/autodiscover"),
                "Exchange2013_SP1",
                new ConnectionConfig.Auth.None(),
                true,
                Duration.ofSeconds(10),
                4);
    }

    private String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void users(String path, Function<String, String> answer) {
        serve(path, exchange -> {
            var request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            sent.add(request);
            answer(
                    exchange,
                    200,
                    message(
                            "NoError",
                            MAILBOX.matcher(request)
                                    .results()
                                    .map(match -> answer.apply(match.group(1)))
                                    .collect(Collectors.joining())));
        });
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private void serve(String path, Handler handler) {
        server.createContext(path, handler::handle);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String message(String code, String users) {
        return "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>"
                + "<GetUserSettingsResponseMessage xmlns='http://schemas.microsoft.com/exchange/2010/Autodiscover'>"
                + "<Response><ErrorCode>" + code + "</ErrorCode><ErrorMessage/><UserResponses>" + users
                + "</UserResponses></Response></GetUserSettingsResponseMessage></s:Body></s:Envelope>";
    }

    private static String at(String url, String grouping) {
        return user(
                "NoError",
                "",
                "<RedirectTarget/>",
                setting("ExternalEwsUrl", url) + (grouping.isEmpty() ? "" : setting("GroupingInformation", grouping)));
    }

    private static String setting(String name, String value) {
        return "<UserSetting><Name>" + name + "</Name><Value>" + value + "</Value></UserSetting>";
    }

    private static String redirect(String code, String target) {
        return user(code, "", "<RedirectTarget>" + target + "</RedirectTarget>", "");
    }

    private static String error(String code, String text) {
        return user(code, text, "", "");
    }

    private static String user(String code, String text, String target, String settings) {
        return "<UserResponse><ErrorCode>" + code + "</ErrorCode><ErrorMessage>" + text + "</ErrorMessage>" + target
                + "<UserSettingErrors/><UserSettings>" + settings + "</UserSettings></UserResponse>";
    }
}
