/// Segmented log of opaque records, and snapshots in the same format. The log is the source of truth of the
/// embedded store. [dev.tidemark.log.SegmentedLog] is the entry point. A record is written only after the force of
/// its predecessor has returned. Therefore a valid record proves that all records before it are on the disk.
@NullMarked
package dev.tidemark.log;

import org.jspecify.annotations.NullMarked;
