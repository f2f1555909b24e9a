package dev.tidemark.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Rules for names and sentences of a source tree. Each rule returns its violations in words. Thread-safe.
///
/// @param files texts by path from the project's folder, with `/` between folders
record PlainWords(Map<String, String> files) {
    /// Words of the domain that name a class by themselves.
    private static final Set<String> DOMAIN_WORDS =
            Set.of("Change", "Compensator", "Journal", "Mailbox", "Resynchronizer", "Sink", "Watermark");

    private static final Pattern WORD_OF_NAME = Pattern.compile("\\p{Upper}+(?!\\p{Lower})|\\p{Upper}[\\p{Lower}\\d]*");

    private static final Pattern QUESTION_WORD =
            Pattern.compile("(What|Whatever|Who|Whoever|Whether|How|Where|When|Which|Why)\\b.*");

    private static final Pattern VAGUE_WORD =
            Pattern.compile("\\b(nobody|somebody|whoever|afresh|anew|call-backs?)\\b", Pattern.CASE_INSENSITIVE);

    Set<String> namesThatOccurTwice() {
        return classes().entrySet().stream()
                .filter(entry -> entry.getValue().size() > 1)
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    Set<String> namesOfOneWord() {
        return classes().keySet().stream()
                .filter(name -> WORD_OF_NAME.matcher(name).results().count() == 1)
                .filter(name -> !DOMAIN_WORDS.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Returns folders with more than `limit` classes of the product or of a test tool, with their number.
    Set<String> packagesLargerThan(int limit) {
        return files.keySet().stream()
                .filter(path -> path.contains("/src/main/") && isClass(path))
                .collect(Collectors.groupingBy(PlainWords::folder, TreeMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue() > limit)
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Returns doc comments that open with a question word, by file and line.
    List<String> openingsWithQuestionWord() {
        return files.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(".java"))
                .flatMap(entry ->
                        questions(entry.getKey(), entry.getValue().lines().toList()).stream())
                .sorted()
                .toList();
    }

    /// Returns each vague word with the files that have it.
    Map<String, Set<String>> vagueWords() {
        var found = new TreeMap<String, Set<String>>();
        files.forEach((path, text) -> VAGUE_WORD
                .matcher(text)
                .results()
                .forEach(
                        word -> found.computeIfAbsent(word.group().toLowerCase(Locale.ROOT), ignored -> new TreeSet<>())
                                .add(path + ":" + line(text, word.start()))));
        return found;
    }

    private static List<String> questions(String path, List<String> lines) {
        var found = new ArrayList<String>();
        for (int i = 0; i < lines.size(); i++) {
            var opens = i == 0 || !lines.get(i - 1).strip().startsWith("///");
            var text = lines.get(i).strip();
            if (opens
                    && text.startsWith("///")
                    && QUESTION_WORD.matcher(text.substring(3).strip()).matches()) {
                found.add(path + ":" + (i + 1) + " " + text);
            }
        }
        return found;
    }

    private static long line(String text, int offset) {
        return text.substring(0, offset)
                        .chars()
                        .filter(character -> character == '\n')
                        .count()
                + 1;
    }

    private Map<String, Set<String>> classes() {
        var classes = new TreeMap<String, Set<String>>();
        files.keySet().stream()
                .filter(PlainWords::isClass)
                .forEach(path -> classes.computeIfAbsent(simpleName(path), ignored -> new TreeSet<>())
                        .add(path));
        return classes;
    }

    private static boolean isClass(String path) {
        return path.endsWith(".java") && !path.endsWith("/package-info.java");
    }

    private static String simpleName(String path) {
        return path.substring(path.lastIndexOf('/') + 1, path.length() - ".java".length());
    }

    private static String folder(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
