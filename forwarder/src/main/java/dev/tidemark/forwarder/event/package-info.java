/// Renders events as CloudEvents and knows their types.
@NullMarked
package dev.tidemark.forwarder.event;

import org.jspecify.annotations.NullMarked;
