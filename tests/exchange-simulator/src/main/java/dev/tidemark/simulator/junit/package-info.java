/// JUnit 5 extension that starts a simulated Exchange for a test.
@NullMarked
package dev.tidemark.simulator.junit;

import org.jspecify.annotations.NullMarked;
