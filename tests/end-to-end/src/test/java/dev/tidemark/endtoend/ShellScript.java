package dev.tidemark.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads the simple commands of a shell script, with those of subshells and substitutions. Knows the part of the
/// syntax that documents use: quotes, continued lines, comments, separators and redirections. Not thread-safe.
final class ShellScript {
    private static final Set<String> STARTERS = Set.of("sudo", "exec", "runuser");
    private static final Set<String> WITH_VALUE = Set.of("-u");

    /// @param line number of its first line within the script, from 0
    record SimpleCommand(int line, List<String> words) {
        String program() {
            var first = words.getFirst();
            return first.substring(first.lastIndexOf('/') + 1);
        }
    }

    private final String text;
    private final List<SimpleCommand> found = new ArrayList<>();
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private boolean isTarget;
    private int line;
    private int start;
    private int next;

    private ShellScript(String text, int line) {
        this.text = text;
        this.line = line;
    }

    /// Returns the commands without assignments and without programs that only start another one, such as `sudo`.
    static List<SimpleCommand> commands(String script) {
        return commands(script, 0);
    }

    private static List<SimpleCommand> commands(String script, int line) {
        var reader = new ShellScript(script, line);
        while (reader.next < script.length()) {
            reader.read(script.charAt(reader.next++));
        }
        reader.endCommand();
        return reader.found;
    }

    private void read(char c) {
        switch (c) {
            case '\\' -> escape();
            case '\'' -> literal();
            case '"' -> quoted();
            case '$', '<' -> substitution(c);
            case '#' -> comment();
            case '>' -> redirection();
            case '\n', ';', '|', '&', '(', ')' -> separator(c);
            case ' ', '\t' -> endWord();
            default -> append(c);
        }
    }

    private void escape() {
        if (peek() == '\n') {
            line++;
            next++;
        } else if (next < text.length()) {
            append(text.charAt(next++));
        }
    }

    private void literal() {
        var end = end('\'');
        append(text.substring(next, end));
        next = end + 1;
    }

    private void quoted() {
        append("");
        while (next < text.length() && peek() != '"') {
            var c = text.charAt(next++);
            if (c == '$') {
                substitution(c);
            } else if (c == '\\') {
                escape();
            } else {
                append(String.valueOf(c));
            }
        }
        next++;
    }

    private void substitution(char c) {
        if (peek() != '(') {
            if (c == '<') {
                redirection();
            } else {
                append(c);
            }
            return;
        }
        var depth = 0;
        var end = next;
        do {
            depth += text.charAt(end) == '(' ? 1 : text.charAt(end) == ')' ? -1 : 0;
            end++;
        } while (depth > 0 && end < text.length());
        found.addAll(commands(text.substring(next + 1, end - 1), line));
        append(c + text.substring(next, end));
        next = end;
    }

    private void comment() {
        if (inWord) {
            append('#');
        } else {
            next = end('\n');
        }
    }

    private void redirection() {
        endWord();
        isTarget = true;
    }

    private void separator(char c) {
        endCommand();
        line += c == '\n' ? 1 : 0;
    }

    private char peek() {
        return next < text.length() ? text.charAt(next) : '\n';
    }

    private int end(char c) {
        var end = text.indexOf(c, next);
        return end < 0 ? text.length() : end;
    }

    private void append(char c) {
        append(String.valueOf(c));
    }

    private void append(String part) {
        if (!inWord && words.isEmpty()) {
            start = line;
        }
        line += (int) part.chars().filter(c -> c == '\n').count();
        inWord = true;
        word.append(part);
    }

    private void endWord() {
        if (inWord && !isTarget) {
            words.add(word.toString());
        }
        isTarget = isTarget && !inWord;
        word.setLength(0);
        inWord = false;
    }

    private void endCommand() {
        endWord();
        var rest = withoutStarters(words);
        if (!rest.isEmpty()) {
            if (rest.size() > 2 && rest.getFirst().equals("sh") && rest.get(1).equals("-c")) {
                found.addAll(commands(rest.get(2), start));
            } else {
                found.add(new SimpleCommand(start, rest));
            }
        }
        words.clear();
    }

    private static List<String> withoutStarters(List<String> words) {
        var from = 0;
        while (from < words.size() && (isAssignment(words.get(from)) || isStarter(words.get(from)))) {
            from = afterOptions(words, from + 1);
        }
        return List.copyOf(words.subList(from, words.size()));
    }

    /// Skips the options of a starter.
    private static int afterOptions(List<String> words, int from) {
        var after = from;
        while (after < words.size() && words.get(after).startsWith("-")) {
            after = Math.min(words.size(), after + (WITH_VALUE.contains(words.get(after)) ? 2 : 1));
        }
        return after;
    }

    private static boolean isAssignment(String word) {
        return word.matches("[A-Z_]+=.*");
    }

    private static boolean isStarter(String word) {
        return STARTERS.contains(word);
    }
}
