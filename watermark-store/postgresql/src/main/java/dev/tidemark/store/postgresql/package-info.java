/// Store on PostgreSQL: the database is the durable truth, and memory holds the mailboxes.
/// [dev.tidemark.store.postgresql.PostgresStoreFactory] is the entry point.
@NullMarked
package dev.tidemark.store.postgresql;

import org.jspecify.annotations.NullMarked;
