/// The status page in a real browser.
@NullMarked
package dev.tidemark.statuspage;

import org.jspecify.annotations.NullMarked;
