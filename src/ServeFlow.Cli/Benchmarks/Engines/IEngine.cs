namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>Represents one engine at one batch size, bound to the rows of a benchmark. One thread uses it.</summary>
interface IEngine : IDisposable
{
    /// <summary>Gets the engine's name in <c>--engines</c> and in JSON.</summary>
    string Name { get; }

    /// <summary>Gets which instructions it uses, as far as we know.</summary>
    string Isa { get; }

    /// <summary>Gets the number of rows of a call.</summary>
    int Batch { get; }

    /// <summary>Gets what a call does, and what was done beforehand.</summary>
    string Covers { get; }

    /// <summary>Scores <paramref name="count"/> ≤ <see cref="Batch"/> rows from <paramref name="first"/> on.</summary>
    void Score(int first, int count);

    /// <summary>Copies what the last call gave. Not part of any measurement.</summary>
    /// <param name="probabilities">[count × classes], row-major.</param>
    void CopyProbabilities(int first, int count, Span<double> probabilities);
}
