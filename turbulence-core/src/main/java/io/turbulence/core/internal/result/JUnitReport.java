package io.turbulence.core.internal.result;

import io.turbulence.core.internal.engine.RunInfo;
import java.io.IOException;
import java.nio.file.Path;

final class JUnitReport {
    private JUnitReport() {}

    static void write(Path folder, RunInfo run, RunSummary summary) throws IOException {}
}
