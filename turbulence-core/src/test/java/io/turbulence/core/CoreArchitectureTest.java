package io.turbulence.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;

/// The arrows between core's packages, and that core knows no protocol. Rules over all modules are in
/// turbulence-architecture.
class CoreArchitectureTest {

    private static final String INTERNAL = "io.turbulence.core.internal.";

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.turbulence.core");

    @Test
    void arrowsGoFromResultsDownToDefinitions() {
        check(Architectures.layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("entry")
                .definedBy("io.turbulence.core")
                .layer("result")
                .definedBy(INTERNAL + "result..")
                .layer("engine")
                .definedBy(INTERNAL + "engine..")
                .layer("connection")
                .definedBy(INTERNAL + "connection..")
                .layer("check")
                .definedBy(INTERNAL + "check..")
                .layer("plugin")
                .definedBy(INTERNAL + "plugin..")
                .layer("definition")
                .definedBy(INTERNAL + "definition..")
                .whereLayer("result")
                .mayOnlyBeAccessedByLayers("entry")
                .whereLayer("engine")
                .mayOnlyBeAccessedByLayers("entry", "result")
                .whereLayer("connection")
                .mayOnlyBeAccessedByLayers("entry", "result", "engine")
                .whereLayer("check")
                .mayOnlyBeAccessedByLayers("entry", "result", "engine")
                .because("arrows go one way: result -> engine -> (connection, check) -> (plugin, definition)"));
    }

    @Test
    void packagesFormNoCycle() {
        check(slices().matching(INTERNAL + "(**)").should().beFreeOfCycles());
    }

    @Test
    void dependsOnNoProtocol() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.turbulence.http..",
                        "io.turbulence.grpc..",
                        "io.turbulence.kafka..",
                        "io.turbulence.sql..",
                        "io.turbulence.websocket..",
                        "io.turbulence.aws..",
                        "java.net.http..",
                        "java.sql..",
                        "javax.sql..",
                        "org.apache.hc..",
                        "org.apache.kafka..",
                        "io.grpc..",
                        "com.google.protobuf..",
                        "com.zaxxer.hikari..",
                        "org.java_websocket..",
                        "software.amazon.."));
    }

    @Test
    void reflectsOnlyWhereDefinitionsAndPluginsAreBound() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(INTERNAL + "definition..", INTERNAL + "plugin..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.reflect.."));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CORE);
    }
}
