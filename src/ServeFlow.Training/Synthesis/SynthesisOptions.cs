namespace ServeFlow.Training.Synthesis;

/// <summary>What is asked of <see cref="SyntheticSet"/>.</summary>
public sealed record SynthesisOptions
{
    /// <summary>Directory to make; it must not exist, or be empty.</summary>
    public required string Directory { get; init; }

    public int Flows { get; init; } = 20_000;

    /// <summary>The first so many of the services that are known.</summary>
    public int Classes { get; init; } = 11;

    /// <summary>New flows a second in every capture.</summary>
    public double Rate { get; init; } = 200;

    /// <summary>Capture files; each is a place of its own.</summary>
    public int Captures { get; init; } = 40;

    /// <summary>Packets of every flow, cut or said again; null leaves each flow its own.</summary>
    public int? PacketsPerFlow { get; init; }

    /// <summary>Whether frames are written whole, for tools that pass over cut ones; else cut after their
    /// headers.</summary>
    public bool WholeFrames { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Names of all services that can be asked for, in the order in which <see cref="Classes"/> takes
    /// them.</summary>
    public static IReadOnlyList<string> Services { get; } = [.. ServiceCatalog.All.Select(service => service.Name)];

    /// <exception cref="InputException">Something that was asked for is out of its range; all are named at
    /// once.</exception>
    internal void Validate()
    {
        var errors = new List<string>();
        Require(Classes >= 2 && Classes <= Services.Count, $"--classes {Classes}: use 2 to {Services.Count}", errors);
        Require(Captures is >= 1 and <= Site.MaxNumber, $"--captures {Captures}: use 1 to {Site.MaxNumber}", errors);
        Require(Flows >= 1, $"--flows {Flows}: use 1 or more", errors);
        Require(PacketsPerFlow is null or >= 1, $"--packets-per-flow {PacketsPerFlow}: use 1 or more", errors);
        Require(Rate is > 0 and <= 1e6, $"--rate {Rate}: use more than 0, at most 1000000", errors);
        Require(Captures < 1 || Flows / Captures < Site.MaxFlows,
            $"--flows {Flows}: a capture holds at most {Site.MaxFlows}; use more --captures", errors);
        if (errors.Count > 0)
        {
            throw new InputException(string.Join("; ", errors));
        }
    }

    static void Require(bool holds, string otherwise, List<string> errors)
    {
        if (!holds)
        {
            errors.Add(otherwise);
        }
    }
}

/// <summary>What was synthesised.</summary>
public sealed record SynthesisResult(string Directory, string Labels, int Captures, long Flows, long Packets,
    long Bytes, IReadOnlyDictionary<string, long> FlowsPerClass);
