package io.turbulence.install;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.Exclusion;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;
import org.eclipse.aether.util.filter.DependencyFilterUtils;
import org.jspecify.annotations.Nullable;

/// Copies a plugin and the libraries that it needs at run time from Maven repositories to a folder, with the
/// repositories, mirrors, proxies, credentials and the local repository of the user's Maven settings.
///
/// A process of its own, so that what resolves artifacts is on nobody's class path:
/// `java -cp lib/install/* io.turbulence.install.FetchPlugin GROUP:ARTIFACT:VERSION FOLDER [SETTINGS]`.
/// It prints the name of each jar and exits with 0, or says on standard error what went wrong and exits with 1.
final class FetchPlugin {

    /// What every plugin shares with the program.
    private static final List<Exclusion> SHARED = List.of(
            new Exclusion("io.turbulence", "turbulence-api", "*", "*"), new Exclusion("org.jspecify", "*", "*", "*"));

    private FetchPlugin() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) {
        String coordinates = arguments[0];
        ContextOverrides.Builder settings = ContextOverrides.create().withUserSettings(true);
        if (arguments.length > 2) {
            settings.withUserSettingsXmlOverride(Path.of(arguments[2]));
        }
        try (Context context = Runtimes.INSTANCE.getRuntime().create(settings.build())) {
            return fetch(context, coordinates, Path.of(arguments[1]), out, err);
        } catch (IOException | RuntimeException e) {
            err.println("'" + coordinates + "' could not be fetched: " + e.getMessage());
            return 1;
        }
    }

    private static int fetch(Context context, String coordinates, Path folder, PrintStream out, PrintStream err)
            throws IOException {
        DependencyRequest request = new DependencyRequest(
                new CollectRequest(
                        new Dependency(new DefaultArtifact(coordinates), "runtime", false, SHARED),
                        context.remoteRepositories()),
                DependencyFilterUtils.classpathFilter("runtime"));
        try {
            for (ArtifactResult result : context.repositorySystem()
                    .resolveDependencies(context.repositorySystemSession(), request)
                    .getArtifactResults()) {
                out.println(copy(result.getArtifact(), folder));
            }
            return 0;
        } catch (DependencyResolutionException e) {
            err.println("'" + coordinates + "' was not found whole: " + reason(e)
                    + ". Looked in " + repositories(context) + ". Check the coordinates, and the repositories and"
                    + " credentials in Maven's settings.xml.");
            return 1;
        }
    }

    /// The innermost that still names the artifact.
    private static @Nullable String reason(RepositoryException thrown) {
        RepositoryException innermost = thrown;
        while (innermost.getCause() instanceof RepositoryException cause) {
            innermost = cause;
        }
        return innermost.getMessage();
    }

    private static String copy(Artifact artifact, Path folder) throws IOException {
        Path file = artifact.getFile().toPath();
        String name = String.valueOf(file.getFileName());
        // Two groups may use one artifact id
        String free = Files.exists(folder.resolve(name)) ? artifact.getGroupId() + "." + name : name;
        Files.copy(file, folder.resolve(free));
        return free;
    }

    private static String repositories(Context context) {
        return context.remoteRepositories().stream().map(FetchPlugin::describe).collect(Collectors.joining(", "));
    }

    private static String describe(RemoteRepository repository) {
        return "'" + repository.getId() + "' (" + repository.getUrl() + ")";
    }
}
