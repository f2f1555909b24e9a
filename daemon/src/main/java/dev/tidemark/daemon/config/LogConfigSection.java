package dev.tidemark.daemon.config;

/// Settings of `log`.
///
/// @param json true for one JSON object per line
/// @param level lowest level of Tidemark's own lines: `error`, `warn`, `info`, `debug` or `trace`
public record LogConfigSection(boolean json, String level) {
    static LogConfigSection read(ConfigSectionReader log) {
        var format = log.get("format", ValueConverter.oneOf("text", "json"), "text");
        var level = log.get("level", ValueConverter.oneOf("error", "warn", "info", "debug", "trace"), "info");
        log.finish();
        return new LogConfigSection(format.equals("json"), level);
    }
}
