package dev.tidemark.simulator.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Starts a [dev.tidemark.simulator.SimulatedExchange] for each test method that has one as a parameter, and closes
/// it after the test. Ids and random faults depend on the seed alone, so every run sees the same.
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(SimulatedExchangeExtension.class)
public @interface ExchangeTest {
    /// Addresses of the mailboxes at the start; the first one is the default of the Exchange's methods.
    String[] mailboxes() default {"mailbox1@demo.example"};

    /// Seed of ids and random faults.
    long seed() default 1;

    /// Creates each mailbox that a request names.
    boolean anyMailbox() default false;

    /// Speaks TLS; [dev.tidemark.simulator.SimulatedExchange#certificate] is the one to trust.
    boolean tls() default false;
}
