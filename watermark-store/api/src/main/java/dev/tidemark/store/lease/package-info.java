/// Nodes of a cluster, and leases: the right of one node to do work that only one node may do at a time.
@NullMarked
package dev.tidemark.store.lease;

import org.jspecify.annotations.NullMarked;
