package dev.tidemark.daemon.config;

/// Settings and the part of the file that they were read from, for what can only be judged later.
record ParsedSection<T>(T value, ConfigSectionReader section) {}
