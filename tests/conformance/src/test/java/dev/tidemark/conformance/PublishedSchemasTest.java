package dev.tidemark.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.forwarder.event.EventTypeCatalog;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class PublishedSchemasTest {
    private static final String HOW =
            "to write them again, run mvn -pl tests/conformance -am test -Dtest=PublishedSchemasTest"
                    + " -Dschemas.write=true";

    @BeforeAll
    static void write_them_if_asked_to() {
        if (Boolean.getBoolean("schemas.write")) {
            PublishedSchemas.write(PublishedSchemas.generated());
        }
    }

    @Test
    void the_published_schemas_are_those_that_the_events_are_held_to() {
        assertThat(PublishedSchemas.published()).as(HOW).isEqualTo(PublishedSchemas.generated());
    }

    @Test
    void every_type_that_the_code_can_send_has_a_schema_and_no_schema_is_without_a_type() {
        assertThat(EventShapes.all().keySet())
                .as("types described in EventShapes, against the types that the classes name")
                .containsExactlyInAnyOrderElementsOf(TypesInCode.all());
    }

    @Test
    void patterns_of_sinks_are_held_against_every_type() {
        assertThat(EventTypeCatalog.all())
                .containsExactlyElementsOf(EventShapes.all().keySet().stream()
                        .map("dev.tidemark."::concat)
                        .toList());
    }

    @Test
    void the_description_for_subscribers_has_every_type() {
        var document = PublishedSchemas.parsedYaml(PublishedSchemas.published().get("asyncapi.yaml"));
        assertThat(AsyncApi.types(document))
                .containsExactlyElementsOf(EventShapes.all().keySet());
    }
}
