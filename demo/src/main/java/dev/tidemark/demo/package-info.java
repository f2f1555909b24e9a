/// Commands that need the simulated Exchange: demonstration, simulator, and receiver.
@NullMarked
package dev.tidemark.demo;

import org.jspecify.annotations.NullMarked;
