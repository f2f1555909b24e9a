package dev.tidemark.endtoend.violations.store;

import java.sql.Connection;

/// Uses JDBC although another class of its module does.
public interface JdbcViolation {
    Connection open();
}
