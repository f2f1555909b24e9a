/// Clock, timeouts, certificates and the schema of Exchange, which the tests of several modules share.
@NullMarked
package dev.tidemark.testsupport;

import org.jspecify.annotations.NullMarked;
