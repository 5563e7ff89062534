package consumer;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/// Loads every class of a module, with all types that its members name, from what the module's pom brought along.
public final class LoadsEverything {

    private LoadsEverything() {}

    public static void main(String[] arguments) throws Exception {
        int classes = 0;
        for (String entry : classPath()) {
            if (new File(entry).getName().startsWith(arguments[0] + "-") && entry.endsWith(".jar")) {
                classes += loadAll(entry);
            }
        }
        if (classes == 0) {
            throw new IllegalStateException("no class of " + arguments[0] + " found in " + classPath());
        }
        System.out.println(arguments[0] + ": " + classes + " classes loaded, " + (classPath().size() - 1) + " jar files");
    }

    private static int loadAll(String jar) throws IOException, ClassNotFoundException {
        int classes = 0;
        try (JarFile file = new JarFile(jar)) {
            for (JarEntry entry : file.stream().toList()) {
                if (entry.getName().endsWith(".class") && !entry.getName().endsWith("module-info.class")) {
                    String name = entry.getName().replace('/', '.').replaceFirst("\\.class$", "");
                    Class<?> type = Class.forName(name, false, LoadsEverything.class.getClassLoader());
                    type.getDeclaredMethods();
                    type.getDeclaredFields();
                    type.getDeclaredConstructors();
                    type.getDeclaredClasses();
                    classes++;
                }
            }
        }
        return classes;
    }

    private static List<String> classPath() {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    }
}
