package dev.tidemark.daemon.logging;

/// Settings of `log`.
///
/// @param json true for one JSON object per line
/// @param level lowest level of Tidemark's own lines: `error`, `warn`, `info`, `debug` or `trace`
public record LogConfigSection(boolean json, String level) {}
