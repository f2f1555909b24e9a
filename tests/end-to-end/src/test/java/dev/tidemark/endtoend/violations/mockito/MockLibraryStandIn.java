package dev.tidemark.endtoend.violations.mockito;

/// Stands for a library of mocks.
public interface MockLibraryStandIn {}
