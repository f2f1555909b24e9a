/// Order and pages of long lists.
@NullMarked
package dev.tidemark.daemon.admin.listing;

import org.jspecify.annotations.NullMarked;
