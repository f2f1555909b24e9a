package dev.tidemark.daemon.config;

/// Settings with the section of the file, for checks that need other sections.
record ParsedSection<T>(T value, ConfigSectionReader section) {}
