/// The commands that need the simulated Exchange: the demonstration, the simulator, the receiver.
@NullMarked
package dev.tidemark.demo;

import org.jspecify.annotations.NullMarked;
