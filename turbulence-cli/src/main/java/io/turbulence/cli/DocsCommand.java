package io.turbulence.cli;

import io.turbulence.core.PluginReference;
import io.turbulence.core.PluginReference.Place;
import io.turbulence.core.PluginReference.Setting;
import io.turbulence.core.PluginReference.Subject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints the settings of actions and services.
@Command(
        name = "docs",
        description = "Prints the settings of an action and of the service it uses, as their plugin declares them.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DocsCommand implements Callable<Integer> {

    private static final int WIDTH = 100;
    private static final String POOL = "pool";
    private static final String INDENT = "      ";

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "ACTION",
            arity = "0..1",
            description =
                    "The type of a step, such as http or wait, a service's protocol, or a word such as expect, retry or"
                            + " pool; without it their names.")
    private @Nullable String name;

    @Option(names = "--plugins", paramLabel = "FOLDER", description = "Another folder with plugins; may be repeated.")
    private List<Path> folders = new ArrayList<>();

    @Override
    public Integer call() {
        List<Path> all = PluginFolders.with(folders, spec);
        List<Subject> subjects = PluginReference.subjects(all);
        PrintWriter out = spec.commandLine().getOut();
        if (name == null) {
            out.println("steps:    " + names(subjects, Place.STEP));
            out.println("services: " + names(subjects, Place.SERVICE));
            out.println("language: " + words());
            return 0;
        }
        String page = LanguagePages.all().get(name);
        if (page != null) {
            out.println(name);
            out.println();
            out.println(page);
            return 0;
        }
        if (name.equals(POOL)) {
            out.println("The 'pool' of a service");
            out.println();
            print(PluginReference.poolSettings(), out);
            return 0;
        }
        List<Subject> found = subjects.stream()
                .filter(subject -> subject.name().equals(name))
                .sorted((a, b) -> b.place().compareTo(a.place()))
                .toList();
        if (found.isEmpty()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "nothing is known about '%s'; expected one of %s, %s"
                            .formatted(name, names(subjects, Place.STEP), words()));
        }
        found.forEach(subject -> print(subject, out));
        return 0;
    }

    private static String words() {
        return String.join(", ", LanguagePages.all().keySet()) + ", " + POOL;
    }

    private static String names(List<Subject> subjects, Place place) {
        return subjects.stream()
                .filter(subject -> subject.place() == place)
                .map(Subject::name)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static void print(Subject subject, PrintWriter out) {
        out.println(
                switch (subject.place()) {
                    case STEP -> "Step of type '%s'".formatted(subject.name());
                    case SERVICE -> "Service of protocol '%s'".formatted(subject.name());
                });
        out.println();
        print(subject.settings(), out);
    }

    private static void print(List<Setting> settings, PrintWriter out) {
        for (Setting setting : settings) {
            out.println("  " + setting.key() + "  " + facts(setting));
            wrapped(setting.documentation()).forEach(line -> out.println(INDENT + line));
            if (!setting.example().isEmpty()) {
                out.println(INDENT + "Example: " + setting.example());
            }
        }
        out.println();
    }

    private static String facts(Setting setting) {
        List<String> facts = new ArrayList<>();
        facts.add(setting.takes());
        if (setting.required()) {
            facts.add("must be given");
        }
        if (!setting.defaultValue().isEmpty()) {
            facts.add("default " + setting.defaultValue());
        }
        if (!setting.otherNames().isEmpty()) {
            facts.add("also " + String.join(", ", setting.otherNames()));
        }
        return "(" + String.join("; ", facts) + ")";
    }

    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split("\\s+", -1)) {
            if (!line.isEmpty() && INDENT.length() + line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
