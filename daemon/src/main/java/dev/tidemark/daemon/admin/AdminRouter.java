package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.AccessGate.Admission;
import dev.tidemark.store.StoreException;
import dev.tidemark.values.ReadableText;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the route for a method and path, and applies its contract. In a pattern, `{name}` stands for one part of the
/// path. Thread-safe.
public final class AdminRouter {
    private record Entry(String method, List<String> pattern, RouteContract contract, AdminRoute route) {
        String name() {
            return method + " /" + String.join("/", pattern);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(AdminRouter.class);
    private static final int INTERNAL_ERROR = 500;

    /// Routes. The health routes serve requests while the start still adds other routes.
    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    /// routes whose last request failed because of the store
    private final Set<Entry> failing = ConcurrentHashMap.newKeySet();

    private final AccessGate gate;
    private final AuditLog audit;

    private volatile boolean complete;

    public AdminRouter(AccessGate gate, AuditLog audit) {
        this.gate = gate;
        this.audit = audit;
    }

    /// Creates a router that needs no token; for tests of single routes.
    AdminRouter() {
        this(AccessGate.open(), AuditLog.none());
    }

    /// Ends the start: from now on, an unknown path is an error instead of "starting".
    public void complete() {
        complete = true;
    }

    /// Adds a route for readers without query parameters.
    AdminRouter get(String pattern, AdminRoute route) {
        return get(pattern, RouteContract.read(), route);
    }

    AdminRouter get(String pattern, RouteContract contract, AdminRoute route) {
        return add("GET", pattern, contract, route);
    }

    /// Adds a route for operators without query parameters.
    AdminRouter post(String pattern, AdminRoute route) {
        return post(pattern, RouteContract.operate(), route);
    }

    AdminRouter post(String pattern, RouteContract contract, AdminRoute route) {
        return add("POST", pattern, contract, route);
    }

    AdminRouter put(String pattern, RouteContract contract, AdminRoute route) {
        return add("PUT", pattern, contract, route);
    }

    /// Adds a route for operators without query parameters.
    AdminRouter delete(String pattern, AdminRoute route) {
        return delete(pattern, RouteContract.operate(), route);
    }

    AdminRouter delete(String pattern, RouteContract contract, AdminRoute route) {
        return add("DELETE", pattern, contract, route);
    }

    /// Returns one line for each route that this version implements: method, pattern and contract.
    public List<String> routes() {
        return entries.stream()
                .map(entry -> entry.name() + " " + entry.contract().describe())
                .toList();
    }

    private AdminRouter add(String method, String pattern, RouteContract contract, AdminRoute route) {
        entries.add(new Entry(method, parts(pattern), contract, route));
        return this;
    }

    AdminReply handle(AdminRequest request) throws InterruptedException {
        var decoded = decodedParts(request.path());
        if (decoded.isEmpty()) {
            return AdminReply.problem(
                    400, "bad-request", request.path() + " is not percent-encoded; write % as %25 and / as %2F");
        }
        return handle(request, decoded.get());
    }

    private AdminReply handle(AdminRequest request, List<String> parts) throws InterruptedException {
        var allowed = new TreeSet<String>();
        for (var entry : entries) {
            var variables = match(entry.pattern(), parts);
            if (variables.isPresent()) {
                if (entry.method().equals(request.method()) || isHeadOf(entry, request)) {
                    return handle(entry, request.with(variables.get()));
                }
                allowed.add(entry.method());
            }
        }
        return allowed.isEmpty() ? unknown(request) : wrongMethod(request, String.join(", ", allowed));
    }

    private AdminReply handle(Entry entry, AdminRequest request) throws InterruptedException {
        return switch (gate.admit(entry.contract(), request)) {
            case Admission.Refused refused -> {
                if (!request.isSafe() && !refused.name().isEmpty() && audit.isWritable()) {
                    var status = refused.reply().status();
                    audit.append(request, refused.name(), entry.name(), false, status);
                }
                yield refused.reply();
            }
            case Admission.Admitted admitted -> {
                BooleanSupplier admission =
                        () -> gate.readmit(entry.contract(), request).equals(admitted);
                yield handle(entry, request.with(admitted.scope(), admission), admitted.name());
            }
        };
    }

    private AdminReply handle(Entry entry, AdminRequest request, String token) throws InterruptedException {
        var rejection = entry.contract().rejection(request);
        if (rejection.isPresent()) {
            return rejection.get();
        }
        if (request.isSafe()) {
            return respond(entry, request);
        }
        if (!audit.isWritable()) {
            return AdminReply.problem(
                    503, "audit-unavailable", "the audit file cannot be written; make it writable, then retry");
        }
        var status = INTERNAL_ERROR;
        try {
            var refusal = request.bodyRefusal();
            var reply = refusal.isPresent() ? refusal.get() : respond(entry, request);
            status = reply.status();
            return reply;
        } finally {
            audit.append(request, token, entry.name(), true, status);
        }
    }

    /// Reports a store that cannot be read or written, such as PostgreSQL during an outage. Only the first failure of a
    /// route is a warning, because monitoring and pages repeat their requests.
    private AdminReply respond(Entry entry, AdminRequest request) throws InterruptedException {
        try {
            var reply = entry.route().handle(request);
            failing.remove(entry);
            return reply;
        } catch (StoreException e) {
            if (failing.add(entry)) {
                LOG.warn("{} failed and keeps failing until the cause is repaired: {}", entry.name(), e.getMessage());
            }
            LOG.debug("Failed request", e);
            return failed(e);
        }
    }

    /// Adds `Retry-After` only if a retry can succeed.
    private static AdminReply failed(StoreException failure) {
        var reply =
                AdminReply.problem(503, "store-unavailable", ReadableText.clause(String.valueOf(failure.getMessage())));
        return failure.isPermanent() ? reply : reply.with("Retry-After", "5");
    }

    private static boolean isHeadOf(Entry entry, AdminRequest request) {
        return request.method().equals("HEAD") && entry.method().equals("GET");
    }

    private AdminReply unknown(AdminRequest request) {
        if (!complete) {
            return AdminReply.problem(503, "starting", "Tidemark is still starting; retry in a few seconds")
                    .with("Retry-After", "1");
        }
        return AdminReply.notFound("there is nothing at " + request.path() + "; the API starts at /api/v1/status");
    }

    private static AdminReply wrongMethod(AdminRequest request, String allowed) {
        return AdminReply.problem(405, "method-not-allowed", request.path() + " takes " + allowed)
                .with("Allow", allowed);
    }

    private static Optional<Map<String, String>> match(List<String> pattern, List<String> parts) {
        if (pattern.size() != parts.size()) {
            return Optional.empty();
        }
        var variables = new LinkedHashMap<String, String>();
        for (var i = 0; i < parts.size(); i++) {
            var expected = pattern.get(i);
            if (expected.startsWith("{")) {
                variables.put(expected.substring(1, expected.length() - 1), parts.get(i));
            } else if (!expected.equals(parts.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }

    /// Decodes each part separately, so an encoded slash belongs to its part. Returns empty if a part is
    /// malformed.
    private static Optional<List<String>> decodedParts(String path) {
        try {
            return Optional.of(parts(path).stream()
                    .map(part -> URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList());
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /// Splits a path: `/a/b` has the parts a and b. An empty part, as in `/a/`, counts too, so `/a/` does not
    /// match `/a`.
    private static List<String> parts(String path) {
        return List.of(path.substring(1).split("/", -1));
    }
}
