package dev.tidemark.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class SchemaTest {
    @Test
    void a_store_counts_as_up_to_date_only_after_the_newest_script() throws IOException, URISyntaxException {
        var scripts = Objects.requireNonNull(Schema.class.getResource("/db/tidemark/h2"));
        try (var files = Files.list(Path.of(scripts.toURI()))) {
            var newest = files.map(file -> file.getFileName().toString())
                    .map(name -> name.substring(1, name.indexOf("__")))
                    .max(Comparator.comparing(Integer::valueOf));
            assertThat(newest).as("Schema.NEWEST").contains(Schema.NEWEST);
        }
    }
}
