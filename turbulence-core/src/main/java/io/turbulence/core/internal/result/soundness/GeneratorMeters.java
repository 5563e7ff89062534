package io.turbulence.core.internal.result.soundness;

/// What the machine tells of the process that makes the load. Each figure only grows, but for the last three.
interface GeneratorMeters {

    /// What all of it is measured by.
    long nanoTime();

    /// The time of day.
    long wallMillis();

    /// Processor time that the process took, of all its threads.
    long cpuNanos();

    /// How long the process's threads were ready to run and had no processor; always 0 where that cannot be known.
    long queuedNanos();

    /// Processors that the process may use.
    int processors();

    /// The machine's processors, 0 to 1; negative where that cannot be known.
    double machineLoad();
}
