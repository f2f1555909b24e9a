package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.authservers.CertificateGenerator;
import dev.tidemark.authservers.GuardedServer;
import dev.tidemark.authservers.NtlmGuard;
import dev.tidemark.authservers.RequestGuard;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.command.TidemarkMain;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.testsupport.ExchangeTraffic;
import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs `check --connect` in this process against the simulated Exchange, with each fault that it must find.
final class ConnectedCheckTest {
    private static final String ADA = "ada@example.com";
    private static final String BOB = "bob@example.com";
    private static final String CONNECTION = "connection";

    /// A status frequency of one minute takes half a second.
    private static final double SPEED = 120;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private final ExchangeTraffic traffic = new ExchangeTraffic();
    private final SimulatedExchange exchange = SimulatedExchange.start(
            SimulatorConfig.defaults().withServers(2).withSpeed(SPEED).withBodies(traffic::add), Clock.systemUTC());
    private final MisbehavingWebhookReceiver webhook = new MisbehavingWebhookReceiver();
    private final DaemonConfig config = new DaemonConfig(exchange.url(), List.of(ADA, BOB), webhook);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    ConnectedCheckTest() {
        exchange.addMailbox(ADA);
        exchange.addMailbox(BOB);
    }

    @AfterEach
    void close() {
        exchange.close();
        webhook.close();
        traffic.check();
    }

    private int check(String... more) {
        return check(Stream.concat(Stream.of("--wait", "30s"), Stream.of(more)));
    }

    private int check(Stream<String> more) {
        var command = TidemarkMain.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        var file = config.write(folder).toString();
        return command.execute(Stream.concat(Stream.of("check", "--connect", "--config", file), more)
                .toArray(String[]::new));
    }

    /// Runs a check that must fail with this exit code. The wait for a callback that does not come is short.
    private String failure(int exitCode) {
        assertThat(check(Stream.of("--wait", "2s"))).as(this::output).isEqualTo(exitCode);
        assertThat(err.toString()).doesNotContain("\tat ");
        return err.toString();
    }

    private String output() {
        return out.toString() + err;
    }

    @Test
    void the_whole_chain_passes_and_leaves_no_subscription_and_no_store() {
        assertThat(check()).as(this::output).isZero();

        assertThat(out.toString())
                .contains(
                        "There is no store yet",
                        "Listening on 127.0.0.1:" + config.listenerPort(),
                        "accepts connections on port",
                        "The server accepts requests without a login",
                        "The server is Exchange 2019",
                        "knows version Exchange2013_SP1",
                        "ada@example.com: The account may impersonate it",
                        "Server " + exchange.serverOf(new MailboxAddress(ADA)) + " called back from 127.0.0.1",
                        "sink hook: The test event was accepted",
                        "steps passed");
        EndToEndScene.await("the end of the subscriptions of the check")
                .until(() -> exchange.subscriptions().isEmpty());
        assertThat(webhook.requests())
                .singleElement()
                .satisfies(request ->
                        assertThat(request.event().path("type").asString()).isEqualTo("dev.tidemark.ping"));
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void hears_from_every_server_that_subscriptions_name() {
        assertThat(check()).as(this::output).isZero();

        assertThat(exchange.servers())
                .hasSize(2)
                .allSatisfy(server -> assertThat(out.toString()).contains("Server " + server + " called back"));
    }

    @Test
    void reports_as_json() {
        assertThat(check("--json")).isZero();

        var steps = JsonMapper.builder().build().readTree(out.toString()).path("steps");
        assertThat(steps.valueStream().map(step -> step.path("name").asString()))
                .contains(
                        "store",
                        "listener",
                        "name-resolution",
                        "connect",
                        "log-in",
                        "version",
                        "impersonation",
                        "subscription",
                        "callback",
                        "sink");
        assertThat(steps.valueStream().map(step -> step.path("ok"))).allMatch(JsonNode::asBoolean);
    }

    @Test
    void a_wrong_password_fails_the_login() {
        try (var door = new GuardedFrontEnd(exchange.url(), RequestGuard.basic("svc", "sesame"), Optional.empty())) {
            config.with(CONNECTION, "url", door.url().toString())
                    .with(CONNECTION, "auth", "{ type: basic, username: svc, password: wrong }");

            assertThat(failure(1)).contains("log-in", "Http401", "Correct the connection's auth.");
            assertThat(door.seen()).as("because directories lock accounts").hasSize(1);
            assertThat(out.toString()).doesNotContain("subscription", "version");
        }
    }

    @Test
    void a_balancer_with_another_certificate_is_told_from_a_wrong_password() throws Exception {
        var guard = new NtlmGuard();
        // Extended Protection admits logins without a binding only
        guard.channel = Optional.of(new byte[16]);
        try (var door = secureDoor(guard)) {
            config.with(CONNECTION, "url", door.url().toString()).with(CONNECTION, "auth", ntlm("send"));

            assertThat(failure(1))
                    .contains(
                            "log-in",
                            "without channel binding only",
                            "a certificate for localhost, 127.0.0.1 by CN=server",
                            "thumbprint ",
                            "auth.channel-binding: omit");

            config.with(CONNECTION, "auth", ntlm("omit"));
            assertThat(check()).as(this::output).isZero();
        }
    }

    @Test
    void a_refused_ntlm_login_shows_the_certificate_of_the_connection() throws Exception {
        try (var door = secureDoor(new NtlmGuard())) {
            config.with(CONNECTION, "url", door.url().toString())
                    .with(CONNECTION, "auth", ntlm("send").replace(NtlmGuard.PASSWORD, "wrong"));

            assertThat(failure(1)).contains("complete NTLM handshake", "thumbprint ", "Get-ExchangeCertificate");
        }
    }

    private static String ntlm(String binding) {
        return "{ type: ntlm, username: 'EXAMPLE\\svc', password: " + NtlmGuard.PASSWORD + ", channel-binding: "
                + binding + " }";
    }

    /// Starts a front end with TLS that the connection trusts.
    private GuardedFrontEnd secureDoor(RequestGuard guard) throws IOException, GeneralSecurityException {
        return secureDoor(guard, new CertificateGenerator(folder).pair("server", "pkcs12"));
    }

    private GuardedFrontEnd secureDoor(RequestGuard guard, Path pair) throws IOException, GeneralSecurityException {
        var keytool = new CertificateGenerator(folder);
        var trust = keytool.trust(keytool.pem(pair), "pkcs12");
        config.with(
                CONNECTION,
                "tls",
                "{ trust-store: " + trust + ", trust-store-password: " + CertificateGenerator.PASSWORD + " }");
        return new GuardedFrontEnd(exchange.url(), guard, Optional.of(identity(pair)));
    }

    @Test
    void a_front_end_that_forbids_ews_names_the_policies() {
        RequestGuard guard = request -> {
            GuardedServer.respond(request, 403, "");
            return false;
        };
        try (var door = new GuardedFrontEnd(exchange.url(), guard, Optional.empty())) {
            config.with(CONNECTION, "url", door.url().toString());

            assertThat(failure(1)).contains("log-in", "EwsApplicationAccessPolicy", "-EwsEnabled $true");
        }
    }

    @Test
    void a_wrong_public_url_is_named_with_a_way_to_try_it() {
        var elsewhere = "http://127.0.0.1:" + LoopbackPorts.free();
        config.with("listener", "public-url", elsewhere);

        assertThat(failure(1))
                .contains(
                        "Exchange was given " + elsewhere + "/ews/notifications/",
                        "did not call it within 2 s",
                        "no request reached the listener",
                        "Invoke-WebRequest -UseBasicParsing " + elsewhere,
                        "The URL names the loopback");
    }

    @Test
    void a_proxy_that_changes_the_path_is_seen_in_what_the_listener_refused() {
        var elsewhere = URI.create(config.listener() + "/elsewhere");
        try (var proxy = new GuardedFrontEnd(elsewhere, request -> true, Optional.empty())) {
            config.with(
                    "listener", "public-url", "http://localhost:" + proxy.url().getPort());

            assertThat(failure(1)).contains("requests came for another path", "pass the path on unchanged");
        }
    }

    @Test
    void a_certificate_of_the_listener_that_exchange_does_not_trust_is_seen() throws Exception {
        var pair = new CertificateGenerator(folder).pair("listener", "pkcs12");
        var store = store(pair);
        var password = CertificateGenerator.PASSWORD.toCharArray();
        var key = pem("PRIVATE KEY", store.getKey("it", password).getEncoded());
        var certificate = pem("CERTIFICATE", store.getCertificate("it").getEncoded());
        Files.writeString(folder.resolve("key.pem"), key);
        Files.writeString(folder.resolve("cert.pem"), certificate);
        config.with("listener", "tls", "{ certificate: cert.pem, private-key: key.pem }")
                .with("listener", "public-url", "https://localhost:" + config.listenerPort());

        assertThat(failure(1)).contains("the caller broke off TLS", "Let the Exchange servers trust");
    }

    private static String pem(String label, byte[] content) {
        var text = Base64.getMimeEncoder().encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
    }

    @Test
    void an_address_outside_allow_from_is_seen_in_what_the_listener_refused() {
        config.with("listener", "allow-from", "[ 10.0.0.0/8 ]");

        assertThat(failure(1)).contains("listener.allow-from does not admit", "Add the addresses of the Exchange");
    }

    @Test
    void an_untrusted_certificate_is_described() throws Exception {
        var pair = new CertificateGenerator(folder).pair("server", "pkcs12");
        try (var door = new GuardedFrontEnd(exchange.url(), request -> true, Optional.of(identity(pair)))) {
            config.with(CONNECTION, "url", door.url().toString());

            assertThat(failure(4))
                    .contains(
                            "connect",
                            "a certificate for localhost, 127.0.0.1 by CN=server",
                            "authority that is not trusted",
                            "tls.trust-store");
            assertThat(door.seen()).isEmpty();
        }
    }

    @Test
    void a_mailbox_that_does_not_exist_is_named() {
        exchange.removeMailbox(new MailboxAddress(ADA));

        assertThat(failure(1)).contains("impersonation", ADA, "ErrorNonExistentMailbox", "Correct the address");
    }

    @Test
    void a_distribution_group_is_told_from_a_missing_mailbox() {
        exchange.addDistributionGroup(new MailboxAddress("sales@example.com"));
        config.with("group", "mailboxes", "[ sales@example.com, " + BOB + " ]");

        assertThat(failure(1))
                .contains("impersonation", "sales@example.com is a distribution group", "Name the mailboxes");
    }

    @Test
    void a_certificate_for_another_name_is_told_from_an_untrusted_one() throws Exception {
        try (var door = secureDoor(request -> true, new CertificateGenerator(folder).rsaPair("elsewhere"))) {
            config.with(CONNECTION, "url", door.url().toString());

            assertThat(failure(4))
                    .contains("localhost shows a certificate for CN=elsewhere", "does not name this host");
        }
    }

    @Test
    void an_account_without_the_role_is_told_of_it() {
        exchange.denyImpersonation(new MailboxAddress(ADA), true);

        assertThat(failure(1)).contains("impersonation", "ErrorImpersonateUserDenied", "ApplicationImpersonation");
    }

    @Test
    void an_unknown_host_name_fails_before_any_connection() {
        config.with(CONNECTION, "url", "https://exchange.invalid/EWS/Exchange.asmx");

        assertThat(failure(4)).contains("name-resolution", "No name server", "exchange.invalid");
        assertThat(out.toString()).doesNotContain("log-in");
    }

    @Test
    void a_server_that_is_down_is_unreachable() {
        config.with(CONNECTION, "url", "http://127.0.0.1:" + LoopbackPorts.free() + "/EWS/Exchange.asmx");

        assertThat(failure(4)).contains("connect", "refuses connections");
    }

    @Test
    void a_sink_that_refuses_is_named_with_its_answer() {
        webhook.answerWith(500);

        assertThat(failure(1)).contains("sink hook", "responded 500", "Check the receiver's log");
    }

    @Test
    void a_port_that_is_taken_is_found_and_the_rest_is_checked() throws IOException {
        try (var taken = new ServerSocket(config.listenerPort())) {
            assertThat(failure(4)).contains("listener", String.valueOf(taken.getLocalPort()), "listener.bind");
            assertThat(out.toString()).contains("log-in", "sink hook").doesNotContain("callback");
        }
    }

    @Test
    void faults_of_the_configuration_come_first() {
        config.with(CONNECTION, "urk", "x");

        assertThat(failure(3)).contains("urk");
        assertThat(exchange.requests()).isEmpty();
    }

    @Test
    void a_running_daemon_does_the_check_and_its_subscriptions_stay() throws Exception {
        var read = TidemarkConfig.read(config.write(folder), name -> Optional.empty());
        try (var daemon = TidemarkDaemon.start(read, Clock.systemUTC())) {
            EndToEndScene.await("subscriptions")
                    .until(() -> exchange.subscriptions().size() == 2);
            var own = exchange.subscriptions();

            assertThat(check()).as(this::output).isZero();

            assertThat(out.toString()).contains("called back", "sink hook").doesNotContain("Listening");
            EndToEndScene.await("the end of the subscriptions of the check")
                    .untilAsserted(() -> assertThat(exchange.subscriptions()).isEqualTo(own));
            assertThat(daemon.adminAddress()).isEqualTo(config.admin());
        }
    }

    private static KeyStore store(Path pair) throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(pair.toFile(), CertificateGenerator.PASSWORD.toCharArray());
    }

    private static SSLContext identity(Path pair) throws IOException, GeneralSecurityException {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store(pair), CertificateGenerator.PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
