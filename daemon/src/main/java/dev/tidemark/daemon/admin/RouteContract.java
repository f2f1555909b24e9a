package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.access.AccessToken.Role;
import java.util.List;
import java.util.Optional;

/// Rules that the router applies to a request before the route handles it. Immutable.
///
/// @param isLimitable true if the route itself hides everything outside the caller's scope
/// @param parameters names of the accepted query parameters
record RouteContract(Audience audience, boolean isLimitable, List<String> parameters) {
    /// Callers that a route serves.
    enum Audience {
        /// Every caller: static files.
        PUBLIC,
        /// Programs of this machine without a token; others with one.
        MONITORING,
        READERS,
        OPERATORS
    }

    RouteContract {
        parameters = List.copyOf(parameters);
    }

    static RouteContract forAll() {
        return new RouteContract(Audience.PUBLIC, true, List.of());
    }

    static RouteContract monitoring() {
        return new RouteContract(Audience.MONITORING, false, List.of());
    }

    static RouteContract read(String... parameters) {
        return new RouteContract(Audience.READERS, false, List.of(parameters));
    }

    static RouteContract operate(String... parameters) {
        return new RouteContract(Audience.OPERATORS, false, List.of(parameters));
    }

    /// Admits tokens that are limited to groups; the route applies [AdminRequest#scope].
    RouteContract limitable() {
        return new RouteContract(audience, true, parameters);
    }

    /// Returns the role that a token needs; empty if no token is needed.
    Optional<Role> role() {
        return switch (audience) {
            case PUBLIC -> Optional.empty();
            case MONITORING -> Optional.of(Role.METRICS);
            case READERS -> Optional.of(Role.READ);
            case OPERATORS -> Optional.of(Role.OPERATE);
        };
    }
}
