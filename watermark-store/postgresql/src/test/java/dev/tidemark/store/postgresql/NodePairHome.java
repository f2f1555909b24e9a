package dev.tidemark.store.postgresql;

import static org.awaitility.Awaitility.await;

import dev.tidemark.contract.StoreHome;
import dev.tidemark.store.WatermarkStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Stores of two nodes in one schema, which a suite of the contract uses like one store: either by the first node
/// alone, or by both in turns.
final class NodePairHome implements StoreHome {
    private static final Object[] NO_ARGUMENTS = {};

    private final PostgresHome place;
    private final boolean alternates;
    private final IdentityHashMap<WatermarkStore, NodePair> open = new IdentityHashMap<>();

    /// @param alternates whether each call goes to the other node than the one before
    NodePairHome(PostgresHome place, boolean alternates) {
        this.place = place;
        this.alternates = alternates;
    }

    @Override
    public WatermarkStore open(Clock clock) {
        // the first one finds an unused store, as it would without the second; the server needs time to end sessions
        await().until(place::isUnused);
        var first = open("a", clock);
        var pair = new NodePair(List.of(first, open("b", clock)), alternates);
        var store = proxy(WatermarkStore.class, pair);
        open.put(store, pair);
        return store;
    }

    private PostgresStore open(String name, Clock clock) {
        return alternates
                ? place.node(name).openFollowing(clock)
                : place.node(name).open(clock);
    }

    @Override
    public void cut(WatermarkStore store) {
        open.remove(store).nodes().forEach(PostgresStore::abandon);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object invoke(Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /// Two nodes behind the ports of one store.
    private static final class NodePair implements InvocationHandler {
        private final List<PostgresStore> nodes;
        private final boolean alternates;
        private int calls;

        NodePair(List<PostgresStore> nodes, boolean alternates) {
            this.nodes = nodes;
            this.alternates = alternates;
        }

        List<PostgresStore> nodes() {
            return nodes;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            return switch (method.getName()) {
                case "close" -> {
                    nodes.reversed().forEach(PostgresStore::close);
                    yield null;
                }
                default ->
                    alternates && method.getReturnType().isInterface()
                            ? port(method)
                            : NodePairHome.invoke(nodes.getFirst(), method, arguments);
            };
        }

        /// Returns a port whose calls go to both nodes in turns. A node reads the other's commits before each call.
        private Object port(Method accessor) {
            return proxy(accessor.getReturnType(), (proxy, method, arguments) -> {
                var results = new ArrayList<@Nullable Object>();
                for (var node : nodesFor(method)) {
                    node.catchUp();
                    var port = Objects.requireNonNull(NodePairHome.invoke(node, accessor, NO_ARGUMENTS));
                    results.add(NodePairHome.invoke(port, method, arguments));
                }
                return results.getLast();
            });
        }

        private List<PostgresStore> nodesFor(Method method) {
            return switch (method.getName()) {
                // part of the configuration, which all nodes have
                case "open", "release" -> nodes;
                // each process counts its own
                case "recordRefusal" -> List.of(nodes.getFirst());
                default -> List.of(nodes.get(calls++ % nodes.size()));
            };
        }
    }
}
