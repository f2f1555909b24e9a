/// Activity of the last hour, for the plots of the status page.
@NullMarked
package dev.tidemark.daemon.activity;

import org.jspecify.annotations.NullMarked;
