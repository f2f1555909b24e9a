package dev.tidemark.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.config.ConnectionConfig.ClientProof;
import dev.tidemark.ews.config.ConnectionConfig.KerberosSecret;
import dev.tidemark.testsupport.TestIdentity;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests `connections.*.auth`.
class AuthConfigTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void makeFiles() throws IOException {
        Files.writeString(folder.resolve("svc.keytab"), "keys");
        Files.writeString(folder.resolve("krb5.conf"), "[libdefaults]");
        TestIdentity.create("RSA", "it").writeKeyStore(folder.resolve("client.p12"), "PKCS12");
    }

    @Test
    void ntlm_takes_the_same_keys_as_basic() throws IOException {
        assertThat(auth("type: ntlm, username: 'EXAMPLE\\svc', password: '${env:PW}'"))
                .isEqualTo(new Auth.Ntlm("EXAMPLE\\svc", "s3cret"));
    }

    @Test
    void channel_binding_is_sent_unless_it_is_omitted() throws IOException {
        assertThat(auth("type: ntlm, username: svc, password: '${env:PW}', channel-binding: omit"))
                .isEqualTo(new Auth.Ntlm("svc", "s3cret", false));
        assertThat(auth("type: ntlm, username: svc, password: '${env:PW}', channel-binding: send"))
                .isEqualTo(new Auth.Ntlm("svc", "s3cret", true));
        assertThat(auth("type: kerberos, principal: svc@EXAMPLE.COM, password: '${env:PW}', channel-binding: omit"))
                .isInstanceOfSatisfying(
                        Auth.Kerberos.class,
                        kerberos -> assertThat(kerberos.channelBinding()).isFalse());
    }

    @Test
    void kerberos_takes_a_keytab_or_a_password() throws IOException {
        assertThat(auth("type: kerberos, principal: svc@EXAMPLE.COM, keytab: svc.keytab, krb5-conf: krb5.conf"))
                .isEqualTo(new Auth.Kerberos(
                        "svc@EXAMPLE.COM",
                        new KerberosSecret.Keytab(folder.resolve("svc.keytab")),
                        Optional.of(folder.resolve("krb5.conf")),
                        Optional.empty()));
        assertThat(auth("type: kerberos, principal: svc@EXAMPLE.COM, password: '${env:PW}', service: HTTP/mail"))
                .isEqualTo(new Auth.Kerberos(
                        "svc@EXAMPLE.COM",
                        new KerberosSecret.Password("s3cret"),
                        Optional.empty(),
                        Optional.of("HTTP/mail")));
    }

    @Test
    void oauth2_finds_the_authority_and_the_scope_by_itself() throws IOException {
        assertThat(auth("type: oauth2, tenant: example.onmicrosoft.com, client-id: c1, client-secret: '${env:PW}'"))
                .isEqualTo(new Auth.OAuth2(
                        URI.create("https://login.microsoftonline.com/example.onmicrosoft.com/oauth2/v2.0/token"),
                        "c1",
                        new ClientProof.Secret("s3cret"),
                        Optional.empty()));
    }

    @Test
    void or_has_both_and_a_certificate() throws IOException {
        var auth = (Auth.OAuth2) auth("type: oauth2, tenant: t, token-url: 'http://127.0.0.1:1/token', client-id: c1,"
                + " certificate: client.p12, certificate-password: '${env:STORE_PW}', scope: s");

        assertThat(auth.tokenUrl()).hasToString("http://127.0.0.1:1/token");
        assertThat(auth.scope()).contains("s");
        assertThat(auth.proof()).isInstanceOf(ClientProof.Certificate.class);
    }

    @Test
    void secrets_appear_nowhere_else() throws IOException {
        for (var lines : List.of(
                "type: ntlm, username: svc, password: '${env:PW}'",
                "type: kerberos, principal: svc, password: '${env:PW}'",
                "type: oauth2, tenant: t, client-id: c1, client-secret: '${env:PW}'",
                "type: oauth2, tenant: t, client-id: c1, certificate: client.p12, certificate-password:"
                        + " '${env:STORE_PW}'")) {
            var config = read(lines);
            assertThat(config.toString()).doesNotContain("s3cret", "changeit");
            assertThat(YamlJsonCodec.toYaml(config.effective()))
                    .contains("redacted")
                    .doesNotContain("s3cret", "changeit");
        }
    }

    @Test
    void what_is_filled_in_is_shown() throws IOException {
        assertThat(YamlJsonCodec.toYaml(read("type: oauth2, tenant: t, client-id: c1, client-secret: '${env:PW}'")
                        .effective()))
                .contains("login.microsoftonline.com/t/oauth2/v2.0/token", "https://mail.example.com/.default");
    }

    /// With autodiscover, the address that needs the token is only known after the mailbox is located.
    @Test
    void with_autodiscover_no_scope_is_made_up() throws IOException {
        var config = readFile("  onprem: { autodiscover: { url: 'https://a.example.com/x' }, auth: { type: oauth2,"
                + " tenant: t, client-id: c1, client-secret: '${env:PW}' } }\n");

        var auth = (Auth.OAuth2) config.connections().get("onprem").client().auth();
        assertThat(auth.scope()).isEmpty();
        assertThat(YamlJsonCodec.toYaml(config.effective())).doesNotContain(".default");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type: ntlm, password: '${env:PW}' | auth.username is missing",
                "type: ntlm, username: svc | auth.password is missing; write ${env:NAME}",
                "type: ntlm, username: svc, password: '${env:PW}', tenant: t | auth.tenant is not for type ntlm",
                "type: none, username: svc | auth.username is not for type none",
                "type: negotiate | 'negotiate' is not known; write one of none, basic, ntlm, kerberos, oauth2",
                "type: kerberos, principal: svc | auth.password is missing; write ${env:NAME} or ${file:PATH}, or name"
                        + " a keytab",
                "type: kerberos, keytab: svc.keytab | auth.principal is missing",
                "type: kerberos, principal: svc, keytab: none.keytab | cannot be read; create it",
                "type: kerberos, principal: svc, keytab: svc.keytab, password: '${env:PW}' | stands beside a keytab",
                "type: kerberos, principal: svc, keytab: svc.keytab, krb5-conf: none | cannot be read; create it",
                "type: kerberos, principal: svc, keytab: svc.keytab, service: HTTP | is not the name of a service",
                "type: oauth2, client-id: c1, client-secret: '${env:PW}' | auth.tenant is missing; add it, or"
                        + " token-url",
                "type: oauth2, tenant: t, client-secret: '${env:PW}' | auth.client-id is missing",
                "type: oauth2, tenant: t, client-id: c1 | auth.client-secret is missing",
                "type: oauth2, tenant: a/b, client-id: c1, client-secret: '${env:PW}' | is not a tenant",
                "type: oauth2, token-url: 'http://sts.example.com/', client-id: c1, client-secret: '${env:PW}' | in"
                        + " the clear",
                "type: oauth2, tenant: t, client-id: c1, client-secret: '${env:PW}', certificate: client.p12,"
                        + " certificate-password: '${env:STORE_PW}' | stands beside a certificate",
                "type: oauth2, tenant: t, client-id: c1, certificate: client.p12, certificate-password: '${env:PW}'"
                        + " | correct the password",
                "type: oauth2, tenant: t, client-id: c1, certificate: svc.keytab | neither a PKCS12 nor a JKS",
                "type: oauth2, tenant: t, client-id: c1, private-key: svc.keytab, client-secret: '${env:PW}'"
                        + " | auth.certificate is missing",
                "type: oauth2, tenant: t, client-idd: c1, client-secret: '${env:PW}' | the nearest name is client-id"
            })
    void what_cannot_be_used_is_one_fault_in_one_sentence(String lines, String words) {
        var thrown = catchThrowableOfType(ConfigException.class, () -> read(lines));

        assertThat(thrown.faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.message()).contains(words));
    }

    @Test
    void a_login_of_a_connection_does_not_go_through_a_proxy_in_the_clear() {
        var thrown = catchThrowableOfType(
                ConfigException.class,
                () -> read("type: ntlm, username: svc, password: '${env:PW}' }, proxy: 'http://proxy:3128',"
                        + " allow-http: true, url: http://mail.example.com/EWS/Exchange.asmx, limits: { timeout: 60s"));

        assertThat(thrown.faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.message()).contains("login of a whole connection"));
    }

    @Test
    void two_connections_cannot_have_two_files_of_realms() throws IOException {
        Files.writeString(folder.resolve("other.conf"), "[libdefaults]");
        var kerberos = "auth: { type: kerberos, principal: svc, password: '${env:PW}', krb5-conf: ";
        var thrown = catchThrowableOfType(
                ConfigException.class,
                () -> readFile("  onprem: { url: 'https://a.example.com/', " + kerberos + "krb5.conf } }\n"
                        + "  other: { url: 'https://b.example.com/', " + kerberos + "other.conf } }\n"));

        assertThat(thrown.faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.message()).contains("krb5-conf", "one file"));
    }

    private static Auth auth(String lines) throws IOException {
        return read(lines).connections().get("onprem").client().auth();
    }

    private static TidemarkConfig read(String auth) throws IOException {
        var url = auth.contains("url: http://") ? "" : "url: 'https://mail.example.com/EWS/Exchange.asmx', ";
        return readFile("  onprem: { " + url + "auth: { " + auth + " } }\n");
    }

    private static TidemarkConfig readFile(String connections) throws IOException {
        var sound = ConfigFileTest.SOUND;
        var from = sound.indexOf("connections:\n") + "connections:\n".length();
        var end = sound.indexOf("\nlistener:", from) + 1;
        var file = Files.writeString(
                folder.resolve("t.yaml"), sound.substring(0, from) + connections + sound.substring(end));
        var environment = Map.of("PW", "s3cret", "STORE_PW", "changeit", "CRM_SECRET", ConfigFileTest.SECRET);
        return TidemarkConfig.read(file, name -> Optional.ofNullable(environment.get(name)));
    }
}
