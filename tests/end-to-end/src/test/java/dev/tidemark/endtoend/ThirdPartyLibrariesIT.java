package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Compares the libraries of the distribution with the lists in the repository. `-Dlibraries.write=true` writes the
/// lists after a dependency was changed on purpose.
final class ThirdPartyLibrariesIT {
    private static final Path CHECKSUMS = Path.of("../../packaging/third-party.sha256");
    private static final Path LICENSES = Path.of("../../docs/licenses.md");
    private static final boolean WRITE = Boolean.getBoolean("libraries.write");

    /// Licenses that allow a distribution beside Apache-2.0, by SPDX id.
    private static final Set<String> ACCEPTED = Set.of(
            "Apache-2.0",
            "MIT",
            "MIT-0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "EPL-1.0",
            "EPL-2.0",
            "EDL-1.0",
            "MPL-2.0",
            "LGPL-2.1-only",
            "LGPL-2.1-or-later",
            "CC0-1.0",
            "ISC",
            "Zlib");

    private static final String INTRODUCTION = """
            # Licenses of the libraries

            Tidemark is distributed under the Apache License 2.0. Its distribution holds these libraries. The list is
            compared with the CycloneDX files in the folder `sbom` of the distribution, which also hold the checksums.

            The status page contains Preact (MIT), htm (Apache-2.0) and uPlot (MIT). Their license texts are in
            `META-INF/licenses` of `lib/tidemark-daemon-*.jar`.

            """;

    /// Library of a software bill of materials.
    private record Component(String name, String version, String sha256, List<String> licenses) {
        static Component of(JsonNode node) {
            var sha256 = node.path("hashes")
                    .valueStream()
                    .filter(hash -> hash.path("alg").asString().equals("SHA-256"))
                    .map(hash -> hash.path("content").asString())
                    .findFirst()
                    .orElse("");
            var licenses = node.path("licenses")
                    .valueStream()
                    .map(Component::license)
                    .sorted()
                    .toList();
            return new Component(
                    node.path("name").asString(), node.path("version").asString(), sha256, licenses);
        }

        private static String license(JsonNode entry) {
            var license = entry.path("license");
            return entry.path("expression")
                    .asString(license.path("id").asString(license.path("name").asString("")));
        }

        String row(String folder) {
            return "| " + name + " | " + version + " | `" + folder + "` | " + String.join(", ", licenses) + " |";
        }
    }

    @Test
    void every_library_has_the_checksum_that_was_recorded_for_it() throws IOException {
        var found = checksums();
        if (WRITE) {
            Files.write(CHECKSUMS, found);
        }
        assertThat(found).as("libraries of the distribution").hasSizeGreaterThan(40);
        assertThat(Files.readAllLines(CHECKSUMS))
                .as("a library has other bytes than recorded; if the change is wanted, run with -Dlibraries.write=true")
                .isEqualTo(found);
    }

    @Test
    void the_software_bill_of_materials_lists_every_library_with_its_checksum() throws IOException {
        var listed = boms().values().stream()
                .flatMap(List::stream)
                .map(Component::sha256)
                .collect(Collectors.toSet());
        assertThat(libraries())
                .allSatisfy(jar -> assertThat(listed).as("%s", jar).contains(sha256(jar)));
    }

    @Test
    void every_library_has_an_accepted_license_and_is_in_the_list_of_licenses() throws IOException {
        var rows = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
        var refused = new ArrayList<String>();
        for (var bom : boms().entrySet()) {
            for (var component : bom.getValue()) {
                rows.add(component.row(bom.getKey()));
                if (component.licenses().stream().noneMatch(ThirdPartyLibrariesIT::isAccepted)) {
                    refused.add(component.toString());
                }
            }
        }
        var text = INTRODUCTION + "| library | version | folder | license |\n| --- | --- | --- | --- |\n"
                + String.join("\n", rows) + "\n";
        if (WRITE) {
            Files.writeString(LICENSES, text);
        }
        assertThat(refused).isEmpty();
        assertThat(LICENSES).hasContent(text);
    }

    /// Of alternatives such as `EPL-2.0 OR Apache-2.0`, one suffices.
    private static boolean isAccepted(String license) {
        return Pattern.compile(" OR ")
                .splitAsStream(license.replaceAll("[()]", ""))
                .anyMatch(ACCEPTED::contains);
    }

    /// Returns the libraries of others by folder of the distribution. A library of `lib` is not repeated.
    private static Map<String, List<Component>> boms() throws IOException {
        var folder = InstalledDistribution.home().resolve("sbom");
        assumeTrue(Files.isDirectory(folder), "built with -DskipChecks: no software bill of materials");
        var boms = new TreeMap<String, List<Component>>();
        var seen = new TreeSet<String>();
        for (var name : List.of("tidemark", "kafka", "opentelemetry", "demo")) {
            var components = new ArrayList<Component>();
            var tree = new JsonMapper().readTree(folder.resolve(name + ".cdx.json"));
            for (var node : tree.path("components")) {
                var component = Component.of(node);
                if (!node.path("group").asString("").equals("dev.tidemark") && seen.add(component.sha256())) {
                    components.add(component);
                }
            }
            boms.put(name.equals("tidemark") ? "lib" : "lib/" + name, components);
        }
        return boms;
    }

    private static List<String> checksums() throws IOException {
        var home = InstalledDistribution.home();
        return libraries().stream()
                .map(jar -> sha256(jar) + "  " + home.relativize(jar).toString().replace('\\', '/'))
                .toList();
    }

    private static List<Path> libraries() throws IOException {
        try (var files = Files.walk(InstalledDistribution.lib())) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .filter(file -> !file.getFileName().toString().startsWith("tidemark-"))
                    .sorted()
                    .toList();
        }
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
