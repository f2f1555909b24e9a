package dev.tidemark.checksums;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// Compares the files of the local Maven repository with their recorded checksums, or records them. The build runs
/// this file by the source launcher before it compiles a module, so the class needs no library and only Java 17.
///
/// @param root folder of the project
/// @param repository local Maven repository
record DependencyChecksumsMain(Path root, Path repository) {
    /// Record of all checksums, which Maven 3.9.2 and `sha256sum` also read.
    static final String RECORD = ".mvn/checksums/checksums.sha256";

    private static final int MOST_FAULTS = 5;
    private static final String RENEWAL = "packaging/record-checksums";
    private static final Pattern PROPERTY = Pattern.compile("\\$\\{([\\w.-]+)}");
    /// Files that Maven writes beside the artifacts.
    private static final Pattern BOOKKEEPING =
            Pattern.compile("_remote\\.repositories|.*\\.(sha1|md5|sha256|sha512|lastUpdated)|maven-metadata.*"
                    + "|resolver-status\\.properties|m2e-.*|.*\\.(lock|tmp|part)");

    /// Checks (`check`) or records (`record`) the checksums.
    ///
    /// @param arguments `check` or `record`, the folder of the project, and the local Maven repository
    public static void main(String[] arguments) {
        var checksums = new DependencyChecksumsMain(Path.of(arguments[1]), Path.of(arguments[2]));
        if (arguments[0].equals("record")) {
            System.out.println("Recorded the checksums of " + checksums.record() + " files.");
            return;
        }
        var faults = checksums.faults();
        if (faults.isEmpty()) {
            System.out.println(
                    "Compared the checksums of " + checksums.present().size() + " files.");
            return;
        }
        faults.stream().limit(MOST_FAULTS).forEach(System.err::println);
        if (faults.size() > MOST_FAULTS) {
            System.err.println("There are " + (faults.size() - MOST_FAULTS) + " more faults of this kind.");
        }
        System.exit(1);
    }

    /// Returns the faults: changed files, and artifacts of the build without a record.
    List<String> faults() {
        return Stream.concat(changed(), unrecorded()).toList();
    }

    /// Returns the recorded files that this repository holds.
    Map<String, String> present() {
        return recorded().entrySet().stream()
                .filter(entry -> Files.exists(repository.resolve(entry.getKey())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Stream<String> changed() {
        return present().entrySet().parallelStream()
                .filter(entry -> !sha256(repository.resolve(entry.getKey())).equals(entry.getValue()))
                .map(entry -> repository.resolve(entry.getKey()) + " is not the file that " + RECORD
                        + " records; delete it and build again, or record a wanted change with " + RENEWAL + ".")
                .sorted();
    }

    /// Returns a fault for each version that a `pom.xml` names and that has no record. The project also sets versions
    /// of plugins that it rarely runs; these need a record only if another version has one.
    private Stream<String> unrecorded() {
        var versions = new HashMap<String, TreeSet<String>>();
        recorded().keySet().forEach(path -> {
            var version = path.substring(0, path.lastIndexOf('/'));
            var end = version.lastIndexOf('/');
            versions.computeIfAbsent(version.substring(0, end), ignored -> new TreeSet<>())
                    .add(version.substring(end + 1));
        });
        var faults = new TreeSet<String>();
        for (var pom : poms()) {
            for (var artifact : artifacts(pom)) {
                var known = versions.getOrDefault(artifact.folder(), new TreeSet<>());
                if (!known.contains(artifact.version()) && !(artifact.isPlugin() && known.isEmpty())) {
                    faults.add(slashed(root.relativize(pom)) + " names " + artifact.name() + ", of which " + RECORD
                            + " records no file; run " + RENEWAL + ".");
                }
            }
        }
        return faults.stream();
    }

    /// Records all artifacts of the repository other than those of this project. Returns their number.
    int record() {
        var found = new TreeMap<String, String>();
        try (var files = Files.walk(repository)) {
            files.filter(Files::isRegularFile)
                    .filter(file ->
                            !BOOKKEEPING.matcher(file.getFileName().toString()).matches())
                    .filter(file -> !repository.relativize(file).startsWith("dev/tidemark"))
                    .forEach(file -> found.put(slashed(repository.relativize(file)), sha256(file)));
            var record = root.resolve(RECORD);
            Files.createDirectories(record.getParent());
            Files.write(
                    record,
                    found.entrySet().stream()
                            .map(entry -> entry.getValue() + "  " + entry.getKey())
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.size();
    }

    /// Returns the recorded checksums by path in the repository.
    private Map<String, String> recorded() {
        try (var lines = Files.lines(root.resolve(RECORD))) {
            return lines.map(line -> line.split("  ", 2))
                    .collect(Collectors.toMap(parts -> parts[1], parts -> parts[0]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Artifact that a `pom.xml` names with its version.
    private record DeclaredArtifact(String group, String id, String version, boolean isPlugin) {
        String folder() {
            return group.replace('.', '/') + '/' + id;
        }

        String name() {
            return group + ':' + id + ':' + version;
        }
    }

    private List<Path> poms() {
        var all = new ArrayList<Path>(List.of(root.resolve("pom.xml")));
        elements(parsed(root.resolve("pom.xml")), "module")
                .forEach(module -> all.add(root.resolve(module.getTextContent()).resolve("pom.xml")));
        return all;
    }

    private List<DeclaredArtifact> artifacts(Path pom) {
        var document = parsed(pom);
        var properties = properties(parsed(root.resolve("pom.xml")));
        properties.putAll(properties(document));
        return Stream.of("dependency", "path", "plugin", "extension", "artifactItem")
                .flatMap(name -> elements(document, name))
                .filter(element -> !child(element, "version").isEmpty())
                .map(element -> new DeclaredArtifact(
                        group(element),
                        child(element, "artifactId"),
                        filled(child(element, "version"), properties),
                        element.getTagName().equals("plugin")))
                .filter(artifact -> !artifact.group().equals("dev.tidemark"))
                .toList();
    }

    private static String group(Element element) {
        var group = child(element, "groupId");
        return group.isEmpty() ? "org.apache.maven.plugins" : group;
    }

    private static Map<String, String> properties(Document pom) {
        var found = new HashMap<String, String>();
        elements(pom, "properties")
                .flatMap(properties -> nodes(properties.getChildNodes()))
                .filter(Element.class::isInstance)
                .forEach(property -> found.put(property.getNodeName(), property.getTextContent()));
        return found;
    }

    private static String filled(String text, Map<String, String> properties) {
        return PROPERTY.matcher(text)
                .replaceAll(match -> properties.getOrDefault(match.group(1), "unknown property " + match.group(1)));
    }

    private static String child(Element parent, String name) {
        return nodes(parent.getChildNodes())
                .filter(node -> node.getNodeName().equals(name))
                .map(node -> node.getTextContent().strip())
                .findFirst()
                .orElse("");
    }

    private static Stream<Element> elements(Document document, String name) {
        return nodes(document.getElementsByTagName(name)).map(Element.class::cast);
    }

    private static Stream<Node> nodes(NodeList list) {
        return IntStream.range(0, list.getLength()).mapToObj(list::item);
    }

    private static Document parsed(Path pom) {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException(pom + " is no XML.", e);
        }
    }

    private static String slashed(Path path) {
        return path.toString().replace('\\', '/');
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
