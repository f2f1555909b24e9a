package dev.tidemark.ews.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.ews.message.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerVersionReaderTest {
    private static final String TYPES = "http://schemas.microsoft.com/exchange/services/2006/types";

    private static Optional<ServerVersion> read(String text) {
        return ServerVersionReader.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String envelope(String header) {
        return "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>" + header
                + "<s:Body><x xmlns='y'/></s:Body></s:Envelope>";
    }

    @Test
    void reads_the_build_and_the_schema() {
        assertThat(read(envelope("<s:Header><other/><h:ServerVersionInfo MajorVersion='15' MinorVersion='1'"
                        + " MajorBuildNumber='2507' MinorBuildNumber='6' Version='V2017_07_11' xmlns:h='" + TYPES
                        + "'/></s:Header>")))
                .contains(new ServerVersion("15.1.2507.6", Optional.of("V2017_07_11")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<s:Header/>",
                "<s:Header><ServerVersionInfo MajorVersion='15' xmlns='urn:other'/></s:Header>",
                "<s:Header><h:ServerVersionInfo xmlns:h='http://schemas.microsoft.com/exchange/services/2006/types'/></s:Header>"
            })
    void a_response_may_have_none(String header) {
        assertThat(read(envelope(header))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>", "not xml", "<!DOCTYPE x><x/>"})
    void what_is_no_envelope_has_none(String text) {
        assertThat(read(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "14.3.123.4, Exchange 2010 SP3 (14.3.123.4)",
        "15.2.1544.4, Exchange 2019 or Subscription Edition (15.2.1544.4)",
        "15.20.1.2, Exchange Online (15.20.1.2)",
        "16.0.1.2, version 16.0.1.2",
        "16, version 16"
    })
    void names_the_product_where_it_is_known(String build, String text) {
        assertThat(new ServerVersion(build, Optional.empty())).hasToString(text);
    }
}
