namespace ServeFlow.Training.Trainers;

/// <summary>Passes on the progress of one of several equal parts of a piece of work.</summary>
sealed class ProgressPart(IProgress<TrainingProgress>? whole, double begin, double length, string? what)
    : IProgress<TrainingProgress>
{
    public ProgressPart(IProgress<TrainingProgress>? whole, int number, int parts, string what)
        : this(whole, (double)number / parts, 1.0 / parts, what)
    {
    }

    public void Report(TrainingProgress value) =>
        whole?.Report(new(begin + (length * Math.Clamp(value.Done, 0, 1)), what ?? value.What));
}
