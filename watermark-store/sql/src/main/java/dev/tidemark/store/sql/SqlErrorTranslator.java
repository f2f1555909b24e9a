package dev.tidemark.store.sql;

import dev.tidemark.store.StoreException;
import java.sql.SQLException;

/// Translates failures of a database into sentences for the operator. Thread-safe.
@FunctionalInterface
public interface SqlErrorTranslator {
    StoreException translate(SQLException failure);
}
