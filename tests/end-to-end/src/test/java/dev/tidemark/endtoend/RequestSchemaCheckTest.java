package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class RequestSchemaCheckTest {
    private static final String REQUEST = """
            <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
            <m:Unsubscribe xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages">
            <m:SubscriptionId>id</m:SubscriptionId></m:Unsubscribe></s:Body></s:Envelope>""";

    private final RequestSchemaCheck check = new RequestSchemaCheck();

    @Test
    void a_request_against_the_schema_is_found() {
        assumeTrue(
                Stream.iterate(Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
                        .anyMatch(path -> Files.exists(path.resolve("shared/ews/xsd/messages.xsd"))),
                "the schema is not here: shared/ews/xsd/messages.xsd beside the project");
        check.add(REQUEST);
        check.check();
        check.add(REQUEST.replace("m:SubscriptionId", "m:Subscription"));
        assertThatThrownBy(check::check).hasMessageContaining("Subscription");
    }
}
