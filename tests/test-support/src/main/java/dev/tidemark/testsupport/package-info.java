/// How long tests wait.
@NullMarked
package dev.tidemark.testsupport;

import org.jspecify.annotations.NullMarked;
