package io.turbulence.examples.jobs;

import java.util.Map;

/// One run of a job on one of the platforms. Its state changes while others look. Thread-safe.
final class JobRun {

    /// Where a run stands. Each platform has its own words for these.
    enum Phase {
        QUEUED,
        RUNNING,
        SUCCEEDED,
        FAILED
    }

    private final String id;
    private final String job;
    private final Map<String, Object> parameters;
    private volatile Phase phase = Phase.QUEUED;

    JobRun(String id, String job, Map<String, Object> parameters) {
        this.id = id;
        this.job = job;
        this.parameters = parameters;
    }

    String id() {
        return id;
    }

    String job() {
        return job;
    }

    Phase phase() {
        return phase;
    }

    void phase(Phase next) {
        phase = next;
    }

    /// A job that is named so fails.
    boolean breaks() {
        return job.contains("broken");
    }

    /// How many records it is told to make.
    int records() {
        return parameters.get("records") instanceof Number number ? number.intValue() : 1;
    }
}
