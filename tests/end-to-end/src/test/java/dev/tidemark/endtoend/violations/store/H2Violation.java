package dev.tidemark.endtoend.violations.store;

import org.h2.jdbcx.JdbcDataSource;

/// Uses a class of H2.
interface H2Violation {
    void build(JdbcDataSource source);
}
