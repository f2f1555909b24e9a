package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Checks that the tests of all built modules use no mocks.
final class NoMocksTest {
    @Test
    void no_test_of_any_module_uses_a_mock() throws IOException {
        var tests = new ClassFileImporter().importPaths(testClasses());

        assertThat(tests).isNotEmpty();
        ArchitectureTest.NOTHING_IS_MOCKED.check(tests.that(ArchitectureTest.ARE_NOT_WRONG_ON_PURPOSE));
    }

    private static List<Path> testClasses() throws IOException {
        var own = Path.of("").toAbsolutePath();
        var root = own.getParent().getParent();
        var classes = Path.of(NoMocksTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        try (var modules = Files.find(root, 3, (path, attributes) -> path.endsWith("pom.xml"))) {
            return modules.map(pom -> pom.resolveSibling(own.relativize(classes)))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }
}
