/// PostgreSQL servers for tests: one that all tests of a JVM share, and own ones that a test may kill.
@NullMarked
package dev.tidemark.testpostgres;

import org.jspecify.annotations.NullMarked;
