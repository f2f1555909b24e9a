/// Tokens of the admin API and the rights that they grant.
@NullMarked
package dev.tidemark.daemon.admin.access;

import org.jspecify.annotations.NullMarked;
