package dev.tidemark.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.ews.config.ConnectionConfig;
import dev.tidemark.ews.config.EwsTlsConfig;
import dev.tidemark.ews.config.EwsTlsConfig.StoreFile;
import dev.tidemark.http.ProxyConfig;
import dev.tidemark.testsupport.TestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests `connections.*.tls` and `connections.*.proxy`.
class ConnectionRouteConfigTest {
    private static final String STORE = "client.p12";

    @TempDir
    static Path folder;

    @BeforeAll
    static void makeStore() throws IOException {
        TestIdentity.create().writeKeyStore(folder.resolve(STORE), "PKCS12");
    }

    @Test
    void without_them_the_connection_is_the_usual_one() throws IOException {
        var connection = connection("allow-http: false");

        assertThat(connection.tls()).isEqualTo(EwsTlsConfig.DEFAULT);
        assertThat(connection.proxy()).isEmpty();
    }

    @Test
    void stores_and_proxy_reach_the_connection_and_their_secrets_appear_nowhere_else() throws IOException {
        var config = read("tls: { trust-store: client.p12, trust-store-password: '${env:STORE_PW}',"
                + " client-certificate: client.p12, client-certificate-password: '${env:STORE_PW}' }\n"
                + "    proxy: http://gate:${env:PROXY_PW}@proxy.example.com:3128");

        var connection = config.connections().get("onprem").client();
        var store = new StoreFile(folder.resolve(STORE), Optional.of("changeit"));
        assertThat(connection.tls()).isEqualTo(new EwsTlsConfig(Optional.of(store), Optional.of(store)));
        assertThat(connection.proxy())
                .contains(new ProxyConfig(
                        "proxy.example.com", 3128, Optional.of(new ProxyConfig.Login("gate", "s3cret"))));
        assertThat(config.toString()).doesNotContain("changeit", "s3cret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tls: { trust-store: none.p12 } | connections.onprem.tls.trust-store: | cannot be read",
                "tls: { trust-store: t.yaml } | connections.onprem.tls.trust-store: | neither a PKCS12 nor a JKS",
                "tls: { client-certificate: client.p12, client-certificate-password: '${env:PROXY_PW}' }"
                        + " | connections.onprem.tls.client-certificate: | correct the password",
                "tls: { trust-store-password: '${env:STORE_PW}' } | connections.onprem.tls.trust-store is missing |"
                        + " leave out its password",
                "tls: { trust-stor: x } | 'trust-stor' is not known | trust-store",
                "proxy: https://proxy:3128 | connections.onprem.proxy: | must use plain http",
                "proxy: http://proxy | connections.onprem.proxy: | write http://host:port"
            })
    void what_cannot_be_used_is_one_fault_in_one_sentence(String lines, String start, String words) {
        var thrown = catchThrowableOfType(ConfigException.class, () -> read(lines));

        assertThat(thrown.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.message()).startsWith(start).contains(words);
            assertThat(fault.line()).isEqualTo(9);
        });
    }

    private static ConnectionConfig connection(String lines) throws IOException {
        return read(lines).connections().get("onprem").client();
    }

    /// Adds the lines to the end of the connection, which is line 9.
    private static TidemarkConfig read(String lines) throws IOException {
        var text = ConfigFileTest.SOUND.replace(
                "      password: ${env:EWS_PASSWORD}\n", "      password: ${env:EWS_PASSWORD}\n    " + lines + "\n");
        var file = Files.writeString(folder.resolve("t.yaml"), text);
        var environment = Map.of(
                "EWS_PASSWORD", "pw",
                "CRM_SECRET", ConfigFileTest.SECRET,
                "STORE_PW", "changeit",
                "PROXY_PW", "s3cret");
        return TidemarkConfig.read(file, name -> Optional.ofNullable(environment.get(name)));
    }
}
