/// Checksums of the libraries and plugins that the build uses.
@NullMarked
package dev.tidemark.checksums;

import org.jspecify.annotations.NullMarked;
