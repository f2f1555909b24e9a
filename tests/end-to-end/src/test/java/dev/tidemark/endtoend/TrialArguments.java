package dev.tidemark.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts the things of a trial in place of the names that documents use: files, addresses and groups.
final class TrialArguments {
    private static final List<String> FOLDERS = List.of("backup", "restore");
    private static final Map<String, String> NAMES = Map.of(
            "ADDRESS", "mailbox1@demo.example",
            "NAME", "listen",
            "inboxes", "trial");

    private final Path folder;
    private final String admin;
    private final String store;
    private final Map<String, Path> backups = new HashMap<>();
    private Optional<Path> restored = Optional.empty();
    private int copies;

    /// @param folder folder of the trial, with `conf/simulated.yaml`
    /// @param admin port of the daemon's admin API
    TrialArguments(Path folder, String admin) {
        this.folder = folder;
        this.admin = admin;
        store = "jdbc:h2:file:../data/";
    }

    /// @param subcommand path of the subcommand, such as `sinks test`
    /// @param words documented command with its program
    List<String> of(String subcommand, List<String> words) throws IOException {
        var arguments = new ArrayList<String>();
        for (var i = 1; i < words.size(); i++) {
            var isFolder = List.of("--to", "--from").contains(words.get(i - 1));
            arguments.add(isFolder && FOLDERS.contains(subcommand) ? backup(words.get(i)) : name(words.get(i)));
        }
        switch (subcommand) {
            case "restore" -> replace(arguments, "--config", newStore());
            case "migrate" -> {
                replace(arguments, "--config", restored.orElseThrow());
                replace(arguments, "--to-config", newStore());
            }
            case "completion" -> {}
            default -> addDaemon(arguments);
        }
        if (subcommand.equals("events tail")) {
            arguments.addAll(List.of("--count", "1"));
        }
        return arguments;
    }

    private void addDaemon(List<String> arguments) {
        replace(arguments, "--config", config());
        replace(arguments, "--admin", "http://127.0.0.1:" + admin);
        replace(arguments, "--token-file", folder.resolve("data/admin-token"));
    }

    private Path config() {
        return folder.resolve("conf/simulated.yaml");
    }

    private static String name(String word) {
        return NAMES.getOrDefault(word, word);
    }

    /// Returns the place of a backup. A backup that documents restore without having made it is the first one.
    private String backup(String documented) {
        var place = folder.resolve("backups").resolve(Path.of(documented).getFileName());
        var found = backups.computeIfAbsent(
                documented,
                ignored -> documented.contains("backup-format")
                        ? backups.values().stream().findFirst().orElse(place)
                        : place);
        return found.toString();
    }

    /// Writes a configuration with an empty store.
    private Path newStore() throws IOException {
        var name = "copy" + copies++;
        var text = Files.readString(config()).replaceAll("jdbc:h2:file:.*", store + name);
        var file = Files.writeString(folder.resolve("conf").resolve(name + ".yaml"), text);
        restored = restored.or(() -> Optional.of(file));
        return file;
    }

    private static void replace(List<String> arguments, String option, Object value) {
        var at = arguments.indexOf(option);
        if (at < 0) {
            arguments.addAll(List.of(option, value.toString()));
        } else {
            arguments.set(at + 1, value.toString());
        }
    }
}
