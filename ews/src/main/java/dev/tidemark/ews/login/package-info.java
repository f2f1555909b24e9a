@NullMarked
package dev.tidemark.ews.login;

import org.jspecify.annotations.NullMarked;
