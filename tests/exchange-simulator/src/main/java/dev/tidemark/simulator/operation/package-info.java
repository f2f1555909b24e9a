/// Operations of Exchange Web Services on the folders and items of one mailbox.
@NullMarked
package dev.tidemark.simulator.operation;

import org.jspecify.annotations.NullMarked;
