package dev.muster.ops.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/// The rules of ops/docs/ARCHITECTURE.md. Each fails with its reason.
final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.muster");

    private static final String[] PURE = {
        "dev.muster.protocol.codec",
        "dev.muster.protocol.content",
        "dev.muster.protocol.trust.document",
        "dev.muster.protocol.wire",
        "dev.muster.agent.swarm"
    };

    @Test
    void agentAndCoordinatorMeetOnlyInProtocol() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.muster.agent..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.muster.coordinator..")
                .as("agent does not know coordinator: either must work, and change, without the other"));
        check(noClasses()
                .that()
                .resideInAPackage("dev.muster.coordinator..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.muster.agent..")
                .as("coordinator does not know agent: either must work, and change, without the other"));
    }

    @Test
    void theCoordinatorNeverSeesChunks() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.muster.coordinator..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.muster.chunkstore..")
                .as("coordinator does not know chunkstore: so it cannot become a bottleneck for bytes"));
    }

    @Test
    void nobodyDependsOnOpsOrBench() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.muster.ops..", "dev.muster.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.muster.ops..", "dev.muster.bench..")
                .as("ops and bench are on top: what ships on a host must not need them"));
    }

    @Test
    void everyLibraryHasOneHome() {
        home(
                "Vert.x",
                "io.vertx..",
                "dev.muster.protocol.net..",
                "dev.muster.coordinator.api..",
                "dev.muster.agent.export..");
        home("Hazelcast", "com.hazelcast..", "dev.muster.protocol.cluster..");
        home("zstd-jni", "com.github.luben.zstd..", "dev.muster.chunkstore.codec..");
        home("BouncyCastle", "org.bouncycastle..", "dev.muster.protocol.trust.key..", "dev.muster.coordinator.enrol..");
        home(
                "Jackson",
                "com.fasterxml.jackson..",
                "dev.muster.coordinator..",
                "dev.muster.agent.control..",
                "dev.muster.bench.store..",
                "dev.muster.bench.net..",
                "dev.muster.bench.sim..",
                "dev.muster.bench.lab..",
                "dev.muster.ops..");
        home("picocli", "picocli..", "dev.muster.ops..");
        home("the foreign function API", "java.lang.foreign..", "dev.muster.chunkstore.linux..");
    }

    @Test
    void decisionsArePure() {
        DescribedPredicate<JavaClass> effects = resideInAnyPackage(
                        "java.net..", "java.nio.file..", "java.nio.channels..", "java.util.concurrent..", "java.time..")
                .and(not(named("java.time.Duration", "java.net.InetAddress", "java.net.Inet6Address")))
                .or(named(
                        "java.lang.Thread",
                        "java.lang.Process",
                        "java.io.File",
                        "java.io.InputStream",
                        "java.io.OutputStream",
                        "java.security.SecureRandom"));
        check(noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat(effects)
                .as("decisions and formats do no I/O and know no thread or clock: so a failing run is a seed"));
        check(noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .as("time and chance come in as values: so a failing run is a seed"));
    }

    @Test
    void futuresStayWhereVertxIs() {
        DescribedPredicate<JavaClass> futures =
                named("io.vertx.core.Future", "io.vertx.core.Promise", "java.util.concurrent.CompletableFuture");
        check(methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat(
                        not(resideInAnyPackage("dev.muster.protocol.net..", "dev.muster.coordinator.api..")))
                .should()
                .notHaveRawReturnType(futures)
                .as("no futures in signatures: code on virtual threads is straight and blocking"));
    }

    @Test
    void packagesHaveNoCycles() {
        for (String module : new String[] {"protocol", "chunkstore", "coordinator", "agent", "bench", "ops"}) {
            check(slices().matching("dev.muster." + module + ".(**)")
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true)
                    .as("no cycles in " + module + ": a reader can start anywhere and go down"));
        }
    }

    @Test
    void interfacesArePlainAndNothingIsCalledImpl() {
        check(classes()
                .that()
                .resideInAPackage("dev.muster..")
                .should()
                .haveNameNotMatching(".*(Impl|Manager|Helper|Util|Utils)")
                .as("a class is called by what it is"));
    }

    private static void home(String library, String packages, String... homes) {
        check(noClasses()
                .that(resideInAPackage("dev.muster..").and(not(resideInAnyPackage(homes))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(packages)
                .as(library + " is used only in " + String.join(", ", homes) + ": so it can be replaced there"));
    }

    private static DescribedPredicate<JavaClass> named(String... names) {
        return DescribedPredicate.describe(
                "are " + String.join(", ", names),
                each -> java.util.List.of(names).contains(each.getName()));
    }

    private static void check(ArchRule rule) {
        rule.check(CLASSES);
    }
}
