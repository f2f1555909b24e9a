package dev.tidemark.endtoend;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.util.Set;

/// Rules of the architecture. Patterns begin with two dots so that [ArchitectureRulesTest] can apply them to
/// the code in `violations`.
@AnalyzeClasses(packages = "dev.tidemark", importOptions = ProductionCode.class)
final class ArchitectureTest {
    static final DescribedPredicate<JavaClass> ARE_NOT_WRONG_ON_PURPOSE =
            describe("are not wrong on purpose", type -> !type.getPackageName().contains(".violations."));

    /// Classes of the listener's server that extend classes of Jetty or receive its objects.
    private static final Set<String> PARTS_OF_CALLBACK_SERVER = Set.of(
            "CallbackHandler",
            "CallbackTransaction",
            "ConnectionSupervisor",
            "HeaderLimitConnectionFactory",
            "HealthHandler",
            "SerialHttpConnection",
            "SerialHttpConnectionFactory",
            "ServerIdentity");

    private static final Set<String> JETTY_CONNECTIONS = Set.of(
            "org.eclipse.jetty.server.HttpConnectionFactory", "org.eclipse.jetty.server.internal.HttpConnection");

    @ArchTest
    static final ArchRule MODULES_KNOW_ONLY_WHAT_LIES_BEFORE_THEM = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("values")
            .definedBy("..values")
            .layer("tracing")
            .definedBy("..tidemark.tracing")
            .layer("http")
            .definedBy("..tidemark.http")
            .layer("ews")
            .definedBy("..ews..")
            .layer("store-log")
            .definedBy("..tidemark.log")
            .layer("store")
            .definedBy("..store", "..store.model", "..store.listing", "..store.lease")
            .layer("store-change")
            .definedBy("..store.change")
            .layer("store-engine")
            .definedBy("..store.engine")
            .layer("store-rules")
            .definedBy("..store.rules")
            .layer("store-transfer")
            .definedBy("..store.transfer")
            .layer("store-sql")
            .definedBy("..store.sql")
            .layer("store-embedded")
            .definedBy("..store.embedded")
            .layer("store-postgresql")
            .definedBy("..store.postgresql")
            .layer("listener")
            .definedBy("..listener", "..listener.jetty")
            .layer("subscriber")
            .definedBy("..subscriber..")
            .layer("compensator")
            .definedBy("..compensator..")
            .layer("forwarder")
            .definedBy("..forwarder..")
            .layer("opentelemetry")
            .definedBy("..tidemark.opentelemetry")
            .layer("daemon")
            .definedBy("..daemon..")
            .layer("exchange-simulator")
            .definedBy("..simulator..")
            .layer("demo")
            .definedBy("..demo")
            .whereLayer("values")
            .mayNotAccessAnyLayer()
            .whereLayer("tracing")
            .mayNotAccessAnyLayer()
            .whereLayer("opentelemetry")
            .mayOnlyAccessLayers("tracing")
            .whereLayer("http")
            .mayOnlyAccessLayers("values")
            .whereLayer("ews")
            .mayOnlyAccessLayers("http", "values")
            // a second source of changes may stand beside ews and must not use store, compensator or forwarder
            .whereLayer("store")
            .mayOnlyAccessLayers("tracing", "values")
            .whereLayer("store-change")
            .mayOnlyAccessLayers("store", "values")
            .whereLayer("store-engine")
            .mayOnlyAccessLayers("store-change", "store", "values")
            .whereLayer("store-rules")
            .mayOnlyAccessLayers("store-transfer", "store-engine", "store-change", "store", "tracing", "values")
            .whereLayer("store-transfer")
            .mayOnlyAccessLayers("store-change", "store", "values")
            .whereLayer("store-log")
            .mayNotAccessAnyLayer()
            .whereLayer("store-sql")
            .mayOnlyAccessLayers("store-engine", "store-change", "store", "values")
            .whereLayer("store-embedded")
            .mayOnlyAccessLayers(
                    "store-sql",
                    "store-rules",
                    "store-transfer",
                    "store-engine",
                    "store-change",
                    "store",
                    "store-log",
                    "values")
            .whereLayer("store-postgresql")
            .mayOnlyAccessLayers(
                    "store-sql", "store-rules", "store-transfer", "store-engine", "store-change", "store", "values")
            // the steps use the ports of the store, independent of the engine
            .whereLayer("listener")
            .mayOnlyAccessLayers("store", "ews", "tracing", "values")
            .whereLayer("subscriber")
            .mayOnlyAccessLayers("store", "ews", "http", "values")
            .whereLayer("compensator")
            .mayOnlyAccessLayers("subscriber", "store", "values")
            .whereLayer("forwarder")
            .mayOnlyAccessLayers("store", "http", "tracing", "values")
            .whereLayer("daemon")
            .mayOnlyAccessLayers(
                    "forwarder",
                    "compensator",
                    "subscriber",
                    "listener",
                    "store-embedded",
                    "store-postgresql",
                    "store-transfer",
                    "store-log",
                    "store",
                    "ews",
                    "http",
                    "tracing",
                    "values")
            .whereLayer("exchange-simulator")
            .mayOnlyAccessLayers("ews", "values")
            .whereLayer("demo")
            .mayOnlyAccessLayers("exchange-simulator", "daemon", "ews", "values");

    @ArchTest
    static final ArchRule MODULES_FORM_NO_CYCLE =
            slices().matching("..tidemark.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ONLY_A_MAIN_ASKS_FOR_THE_TIME = noClasses()
            .that(describe("are not a Main", type -> !isMain(type)))
            .should(callMethodWhere(target(describe("reads the system's clock", ArchitectureTest::readsSystemClock))))
            .because("time is a Clock that is handed in, so that tests can move it");

    @ArchTest
    static final ArchRule JETTY_STAYS_IN_ONE_CLASS = adapter("Jetty", PARTS_OF_CALLBACK_SERVER, "org.eclipse.jetty..");

    @ArchTest
    static final ArchRule CONNECTIONS_ARE_READ_BY_ONE_THREAD = noClasses()
            .that(resideOutsideOfPackage("..listener.jetty"))
            .should()
            .dependOnClassesThat(
                    describe("are Jetty's HTTP connections", type -> JETTY_CONNECTIONS.contains(type.getFullName())))
            .because("a malformed request can mix two of Jetty's own connections; see SerialHttpConnection");

    @ArchTest
    static final ArchRule QUARTZ_STAYS_IN_ONE_CLASS = adapter("Quartz", Set.of(), "org.quartz..");

    @ArchTest
    static final ArchRule HTTP_CLIENT_STAYS_IN_ONE_CLASS = classes()
            .that(new UseLibrary("HttpClient", "org.apache.hc.."))
            .should(new BeOneClassOfTheirModule(Set.of("PostRequest", "LoginRequestExecutor", "ConnectionReuse")))
            .because("logins on a connection, and the detection of a kept one, must be done inside the library, and a"
                    + " request is an object of it");

    @ArchTest
    static final ArchRule DATABASE_STAYS_IN_ONE_CLASS = classes()
            .that(new UseLibrary("JDBC", "java.sql..", "javax.sql..", "com.zaxxer.."))
            .and(resideOutsideOfPackage("..store.postgresql"))
            .should(new BeOneClassOfTheirModule(Set.of("SqlRow", "SqlErrorTranslator")))
            .because("only the engine on PostgreSQL is made of statements; what it shares with H2 is a row");

    @ArchTest
    static final ArchRule H2_IS_A_DRIVER_ONLY = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("org.h2.."))
            .because("no promise of the store rests on what H2 does inside");

    @ArchTest
    static final ArchRule RULES_OF_THE_STORE_DO_NO_IO = noClasses()
            .that(resideInAnyPackage(
                    "..store",
                    "..store.model",
                    "..store.listing",
                    "..store.lease",
                    "..store.change",
                    "..store.engine",
                    "..store.rules",
                    "..store.transfer"))
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "java.io..",
                    "java.nio.file..",
                    "java.nio.channels..",
                    "java.sql..",
                    "javax.sql..",
                    "org.h2..",
                    "..tidemark.log.."))
            .because("every engine shares them, and what is stored where is an engine's business");

    @ArchTest
    static final ArchRule JACKSON_STAYS_IN_ONE_CLASS =
            adapter("Jackson", Set.of(), "tools.jackson..", "com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule OPENTELEMETRY_STAYS_IN_ITS_MODULE = noClasses()
            .that(resideOutsideOfPackage("..tidemark.opentelemetry"))
            .should()
            .dependOnClassesThat(resideInAPackage("io.opentelemetry.."))
            .because("it is on no class path, and a class loader reads it only if traces are on");

    @ArchTest
    static final ArchRule NOTHING_IS_MOCKED = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("..mockito..")
                    .or(resideInAPackage("..easymock.."))
                    .or(resideInAPackage("..mockk..")))
            .because("tests use the real part, or a fake that is written down");

    @ArchTest
    static final ArchRule PACKAGES_SAY_THAT_NOTHING_IS_NULL = classes()
            .that(describe("are no package-info", type -> !type.getSimpleName().equals("package-info")))
            .should(new LiveInNullMarkedPackage());

    private static ArchRule adapter(String library, Set<String> parts, String... packages) {
        return classes()
                .that(new UseLibrary(library, packages))
                .should(new BeOneClassOfTheirModule(parts))
                .because("what is around the adapter can then be read, tested and changed without " + library);
    }

    private static boolean isMain(JavaClass type) {
        // JUnit creates the extension, so nothing can hand a clock to it
        return type.getSimpleName().endsWith("Main") || type.getSimpleName().equals("SimulatedExchangeExtension");
    }

    private static boolean readsSystemClock(AccessTarget.CodeUnitCallTarget call) {
        var owner = call.getOwner();
        if (owner.isEquivalentTo(Clock.class)) {
            return !takesClock(call)
                    && (call.getName().startsWith("system") || call.getName().startsWith("tick"));
        }
        if (owner.isEquivalentTo(System.class)) {
            return call.getName().equals("currentTimeMillis");
        }
        return owner.getPackageName().equals("java.time") && call.getName().equals("now") && !takesClock(call);
    }

    private static boolean takesClock(AccessTarget.CodeUnitCallTarget call) {
        return call.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(Clock.class));
    }

    /// Reads as "use Jetty".
    private static final class UseLibrary extends DescribedPredicate<JavaClass> {
        private final DescribedPredicate<JavaClass> library;

        UseLibrary(String name, String... packages) {
            super("use " + name);
            library = resideInAnyPackage(packages);
        }

        @Override
        public boolean test(JavaClass type) {
            return type.getDirectDependenciesFromSelf().stream()
                    .anyMatch(dependency -> library.test(dependency.getTargetClass()));
        }
    }
}
