using System.Text.Json.Serialization;

namespace ServeFlow.Training.Synthesis;

/// <summary>Holds what is asked of <see cref="SyntheticSet"/>.</summary>
public sealed record SynthesisOptions
{
    /// <summary>Directory to make; it must not exist, or be empty.</summary>
    public required string Directory { get; init; }

    public int Flows { get; init; } = 20_000;

    /// <summary>Gets how many of the known services are used, the first ones.</summary>
    public int Classes { get; init; } = 11;

    /// <summary>Gets the new flows a second in every capture.</summary>
    public double Rate { get; init; } = 200;

    /// <summary>Capture files; each is a place of its own.</summary>
    public int Captures { get; init; } = 40;

    /// <summary>Gets the number of packets of every flow, cut or said again; null leaves each flow its own.</summary>
    public int? PacketsPerFlow { get; init; }

    /// <summary>
    /// Gets whether frames are written whole, for tools that skip cut ones; otherwise they are cut after their headers.
    /// </summary>
    public bool WholeFrames { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Gets the names of all services that can be asked for, in the order in which <see cref="Classes"/> takes
    /// them.</summary>
    public static IReadOnlyList<string> Services { get; } = [.. ServiceCatalog.All.Select(service => service.Name)];

    /// <exception cref="InputException">Something that was asked for is out of its range; all are named at
    /// once.</exception>
    internal void Validate()
    {
        (bool Holds, Setting Setting, string Otherwise)[] rules =
        [
            (Classes >= 2 && Classes <= Services.Count, Setting.ClassCount,
                $"{Classes} classes: use 2 to {Services.Count}"),
            (Captures is >= 1 and <= Site.MaxNumber, Setting.CaptureCount,
                $"{Captures} captures: use 1 to {Site.MaxNumber}"),
            (Flows >= 1, Setting.FlowCount, $"{Flows} flows: use 1 or more"),
            (PacketsPerFlow is null or >= 1, Setting.PacketsPerFlow,
                $"{PacketsPerFlow} packets per flow: use 1 or more"),
            (Rate is > 0 and <= 1e6, Setting.Rate, $"{Rate} flows a second: use more than 0, at most 1000000"),
            (Captures < 1 || Flows / Captures < Site.MaxFlows, Setting.FlowCount,
                $"{Flows} flows: a capture holds at most {Site.MaxFlows}; use more captures"),
        ];
        var broken = rules.Where(rule => !rule.Holds).ToList();
        if (broken.Count > 0)
        {
            throw new InputException(string.Join("; ", broken.Select(rule => rule.Otherwise)))
            {
                Settings = [.. broken.Select(rule => rule.Setting)],
            };
        }
    }
}

/// <summary>Reports what was synthesised.</summary>
public sealed record SynthesisResult(string Directory, string Labels, int Captures, long Flows, long Packets,
    long Bytes, [property: JsonPropertyName("classes")] IReadOnlyDictionary<string, long> FlowsPerClass);
