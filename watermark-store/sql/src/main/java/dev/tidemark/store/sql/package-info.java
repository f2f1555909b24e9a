/// Tables of the store and their queries, the same on every database; an engine adds connections and the way to
/// write rows. [dev.tidemark.store.sql.StoreTables] reads them, [dev.tidemark.store.sql.RowChange] describes what
/// to write.
@NullMarked
package dev.tidemark.store.sql;

import org.jspecify.annotations.NullMarked;
