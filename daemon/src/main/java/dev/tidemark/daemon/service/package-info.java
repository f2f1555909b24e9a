/// Notifications to the service manager that started the process.
@NullMarked
package dev.tidemark.daemon.service;

import org.jspecify.annotations.NullMarked;
