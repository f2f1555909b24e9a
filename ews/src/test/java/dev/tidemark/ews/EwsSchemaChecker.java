package dev.tidemark.ews;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tidemark.testsupport.EwsSchema;
import java.nio.charset.StandardCharsets;
import org.xml.sax.SAXException;

/// Checks messages against the protocol's schema, if it is present beside the checkout.
public final class EwsSchemaChecker {
    private EwsSchemaChecker() {}

    /// Fails if the content of the envelope violates the schema. Skips the test without the schema.
    public static void assertValid(byte[] envelope) throws SAXException {
        assumeThat(EwsSchema.find()).as(EwsSchema.ABSENT).isPresent();
        EwsSchema.find().orElseThrow().validate(new String(envelope, StandardCharsets.UTF_8));
    }
}
