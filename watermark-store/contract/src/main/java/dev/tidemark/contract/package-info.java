/// Suites that every store must pass, one for each port, and the helpers that they use. They know only the ports.
/// [dev.tidemark.contract.RandomChanges] serves the tests of engines.
@NullMarked
package dev.tidemark.contract;

import org.jspecify.annotations.NullMarked;
