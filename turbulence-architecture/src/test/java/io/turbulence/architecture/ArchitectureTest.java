package io.turbulence.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.CommonDataSource;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The rules that hold over all modules.
class ArchitectureTest {

    private static final Pattern MODULE = Pattern.compile("io\\.turbulence\\.(\\w+).*");
    private static final String TRANSPORTS = "io.turbulence.(http|grpc|kafka|sql|websocket|aws|otel)..";

    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.turbulence");

    @Test
    void everyModuleIsSeen() {
        Set<String> modules = ALL.stream().map(ArchitectureTest::module).collect(Collectors.toSet());

        assertThat(modules).contains("api", "cli", "core", "http", "tck", "testkit");
    }

    @Nested
    class Modules {

        @Test
        void apiDependsOnNothingButJspecify() {
            check(classes()
                    .that()
                    .resideInAnyPackage("io.turbulence.api..", "io.turbulence.spi..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "io.turbulence.api..", "io.turbulence.spi..", "java..", "javax..", "org.jspecify.."));
        }

        @Test
        void whatIsObservedDoesNotKnowWhoObserves() {
            check(noClasses()
                    .that()
                    .resideInAPackage("io.turbulence.api..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.turbulence.spi.."));
        }

        @Test
        void transportsDependOnTheApiAlone() {
            check(classes().that(resideInAnyPackage(TRANSPORTS)).should(useNoOtherModuleThanTheApi()));
        }

        @Test
        void internalPackagesAreUsedOnlyInsideTheirModule() {
            check(classes().should(leaveInternalPackagesOfOtherModulesAlone()));
        }

        @Test
        void modulesFormNoCycle() {
            check(slices().matching("io.turbulence.(*)..")
                    .should()
                    .beFreeOfCycles()
                    .ignoreDependency(
                            resideInAnyPackage("io.turbulence.api..", "io.turbulence.spi.."),
                            resideInAnyPackage("io.turbulence.api..", "io.turbulence.spi..")));
        }
    }

    @Nested
    class Code {

        @Test
        void onlyTheProgramWritesToTheConsole() {
            check(noClasses()
                    .that()
                    .resideOutsideOfPackage("io.turbulence.cli..")
                    .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS));
        }

        /// The program decides where log records go; everything else only writes them.
        @Test
        void logsThroughSystemLogger() {
            check(noClasses()
                    .that()
                    .resideOutsideOfPackage("io.turbulence.cli..")
                    .and()
                    // Whose interface has a method that returns a java.util.logging.Logger
                    .areNotAssignableTo(CommonDataSource.class)
                    .and()
                    // Which silences a library that writes there
                    .doNotHaveFullyQualifiedName("io.turbulence.otel.SdkLog")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "java.util.logging..",
                            "org.slf4j..",
                            "org.apache.commons.logging..",
                            "org.apache.log4j.."));
        }

        @Test
        void keepsNothingInThreads() {
            check(noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class));
        }

        @Test
        void keepsNoMutableStaticState() {
            check(fields().that().areStatic().should().beFinal());
        }

        @Test
        void namesSayWhatATypeIs() {
            check(noClasses()
                    .should()
                    .haveNameMatching(".*(Impl|Manager|Utils?|Helper)|.*[.$](Abstract|Base)[A-Z][^.]*"));
        }

        @Test
        void everyPackageIsNullMarked() {
            check(classes().should(resideInANullMarkedPackage()));
        }
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(ALL);
    }

    /// The part of the package's name that is the module's; `spi` belongs to the module of `api`.
    private static String module(JavaClass type) {
        String name = MODULE.matcher(type.getPackageName()).replaceFirst("$1");
        return name.equals("spi") ? "api" : name;
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith("io.turbulence.");
    }

    private static ArchCondition<JavaClass> useNoOtherModuleThanTheApi() {
        return new ArchCondition<>("use no other module than the API") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().stream()
                        .filter(dependency -> isOurs(dependency.getTargetClass()))
                        .filter(dependency ->
                                !Set.of("api", module(type)).contains(module(dependency.getTargetClass())))
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
            }
        };
    }

    private static ArchCondition<JavaClass> leaveInternalPackagesOfOtherModulesAlone() {
        return new ArchCondition<>("leave internal packages of other modules alone") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().stream()
                        .filter(dependency -> isOurs(dependency.getTargetClass()))
                        .filter(dependency ->
                                (dependency.getTargetClass().getPackageName() + ".").contains(".internal."))
                        .filter(dependency -> !module(type).equals(module(dependency.getTargetClass())))
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
            }
        };
    }

    private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
        return new ArchCondition<>("reside in a package with @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(SimpleConditionEvent.violated(
                            type,
                            "package " + type.getPackageName() + " of " + type.getSimpleName()
                                    + " is not @NullMarked"));
                }
            }
        };
    }
}
