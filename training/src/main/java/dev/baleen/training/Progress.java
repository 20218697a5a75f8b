package dev.baleen.training;

/// Who watches a run: a terminal, a file, a test. Called by the thread that trains, so it must be quick.
public interface Progress {
    /// A part of the run begins.
    ///
    /// @param title what is done, such as "train the tokenizer"
    /// @param steps how many steps it has; 0 where it has none
    void begin(String title, long steps);

    /// A training step is done.
    ///
    /// @param state where the run now stands
    void step(TrainingState state, StepReport report);

    /// A part of the run that has steps of another kind, such as problems of an evaluation, has done so many.
    void advance(long done);

    /// Something to be told once.
    void note(String line);

    /// The run is over: no more lines are to be overwritten.
    void end();

    /// Watches and tells nobody.
    static Progress silent() {
        return new Progress() {
            @Override
            public void begin(String title, long steps) {}

            @Override
            public void step(TrainingState state, StepReport report) {}

            @Override
            public void advance(long done) {}

            @Override
            public void note(String line) {}

            @Override
            public void end() {}
        };
    }
}
