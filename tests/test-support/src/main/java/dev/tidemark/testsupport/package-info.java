/// Clock and timeouts that the tests of all modules share.
@NullMarked
package dev.tidemark.testsupport;

import org.jspecify.annotations.NullMarked;
