package io.turbulence.core.internal.result.files;

import java.nio.file.Path;

/// What commands such as `replay` find a run by.
public final class RunName {

    private RunName() {}

    /// Its id where its folder is called so, as it is by itself; else the folder as it was given, for nothing else
    /// leads
    /// there.
    public static String of(Path folder, String runId) {
        Path name = folder.getFileName();
        return name != null && name.toString().equals(runId) ? runId : folder.toString();
    }
}
