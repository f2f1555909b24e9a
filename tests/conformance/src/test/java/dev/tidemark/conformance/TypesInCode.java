package dev.tidemark.conformance;

import dev.tidemark.values.ChangeKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.StringEntry;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds the event types in Tidemark's classes: every string constant that looks like one. A type without a
/// description therefore fails the tests.
final class TypesInCode {
    /// Excludes milliseconds, because names of Kafka settings end in them, and scripts of the status page.
    private static final Pattern TYPE =
            Pattern.compile("(mailbox|subscription|sink|delivery|connection)(\\.(?!(ms|js)$)[a-z]+){1,3}");

    private TypesInCode() {}

    static Set<String> all() {
        var types = new TreeSet<String>();
        types.add("ping");
        types.add("heartbeat");
        Arrays.stream(ChangeKind.values()).forEach(kind -> addChanges(types, kind));
        ourClassPath().forEach(place -> addConstants(types, place));
        return types;
    }

    /// Adds the types that the code composes of a noun and a verb.
    private static void addChanges(Set<String> types, ChangeKind kind) {
        if (kind != ChangeKind.NEW_MAIL && kind != ChangeKind.FREE_BUSY_CHANGED) {
            var verb = kind.label().toLowerCase(Locale.ROOT);
            types.add("mailbox.item." + verb);
            types.add("mailbox.folder." + verb);
        }
    }

    static Stream<Path> ourClassPath() {
        var entries = System.getProperty("java.class.path");
        return Arrays.stream(entries.split(java.io.File.pathSeparator))
                .filter(entry -> entry.contains("tidemark-") || entry.endsWith("classes"))
                .filter(entry -> !entry.contains("test-classes"))
                .map(Path::of)
                .filter(Files::exists);
    }

    private static void addConstants(Set<String> types, Path place) {
        try {
            var root = Files.isDirectory(place) ? place : jar(place).getPath("/");
            try (var files = Files.walk(root)) {
                files.filter(file -> file.toString().endsWith(".class"))
                        .filter(file -> file.toString().contains("dev/tidemark"))
                        // names of meters look the same, and lists of types do not send them
                        .filter(file ->
                                !file.getFileName().toString().matches("(.*Metrics.*|EventTypeCatalog\\.class)"))
                        .forEach(file -> addConstantsOf(types, file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static java.nio.file.FileSystem jar(Path place) throws IOException {
        var uri = URI.create("jar:" + place.toUri());
        try {
            return FileSystems.getFileSystem(uri);
        } catch (FileSystemNotFoundException expected) {
            return FileSystems.newFileSystem(uri, Map.of());
        }
    }

    private static void addConstantsOf(Set<String> types, Path file) {
        try {
            var model = ClassFile.of().parse(Files.readAllBytes(file));
            for (var entry : model.constantPool()) {
                if (entry instanceof StringEntry text
                        && TYPE.matcher(text.stringValue()).matches()) {
                    types.add(text.stringValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
