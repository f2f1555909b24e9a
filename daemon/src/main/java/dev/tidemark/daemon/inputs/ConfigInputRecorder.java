package dev.tidemark.daemon.inputs;

import dev.tidemark.daemon.inputs.ConfigInputs.ConfigSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Records secrets and files while a configuration is read. Not thread-safe.
public final class ConfigInputRecorder {
    private final Map<String, String> secrets = new LinkedHashMap<>();
    private final List<ConfigFile> files = new ArrayList<>();

    /// Records the values of a secret key.
    public void addSecrets(String key, Collection<String> values) {
        secrets.put(key, ConfigFile.digest(String.join("\n", values).getBytes(StandardCharsets.UTF_8)));
    }

    /// Records a file, before the caller reads it: a change in between is then seen as one.
    public void addFile(String key, Path path) {
        files.add(ConfigFile.of(key, path, false));
    }

    /// Records a list of mailboxes, before the caller reads it.
    public void addMailboxList(String key, Path path) {
        files.add(ConfigFile.of(key, path, true));
    }

    /// Returns everything that was recorded.
    public ConfigInputs inputs(ConfigSource source) {
        return new ConfigInputs(source, secrets, files);
    }
}
