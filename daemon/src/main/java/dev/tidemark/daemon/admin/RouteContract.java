package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.access.AccessToken.Role;
import dev.tidemark.daemon.config.NameSuggester;
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
        /// Programs of this machine without a token; programs of other machines with one.
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

    /// Returns role, admission of limited tokens, and query parameters in one line, as `openapi.yaml` names them.
    String describe() {
        return "role=" + role().map(Role::label).orElse("none") + " limitable=" + isLimitable + " query="
                + String.join(",", parameters);
    }

    /// Returns the response to a request with a parameter that the route does not accept.
    Optional<AdminReply> rejection(AdminRequest request) {
        return request.query().keySet().stream()
                .filter(name -> !parameters.contains(name))
                .findFirst()
                .map(name -> AdminReply.badParameter("'" + name + "' is not a parameter of " + request.path()
                        + NameSuggester.nearest(name, parameters)
                                .map(nearest -> "; the nearest is " + nearest)
                                .orElse(", which takes none; leave it out")));
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
