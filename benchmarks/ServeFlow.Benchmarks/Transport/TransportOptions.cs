using System.Globalization;

namespace ServeFlow.Benchmarks.Transport;

/// <summary>Says how flows are sent to workers of a cluster.</summary>
sealed record TransportOptions
{
    /// <summary>Gets the packets of a flow, 1 to <see cref="TransportVerb.Depth"/>.</summary>
    public int Packets { get; init; } = 1;

    /// <summary>Gets the flows of a batch where no rate is given.</summary>
    public int Batch { get; init; } = 512;

    /// <summary>Gets the batches that are away at a time.</summary>
    public int Credits { get; init; } = 4;

    /// <summary>Gets the worker processes.</summary>
    public int Workers { get; init; } = 1;

    public double Seconds { get; init; } = 5;

    /// <summary>Gets the seconds before, in which code is compiled.</summary>
    public double WarmUp { get; init; } = 10;

    /// <summary>Gets milliseconds that a flow waits at most: by default nothing is late on a machine that others keep
    /// busy.</summary>
    public double Deadline { get; init; } = 10_000;

    /// <summary>Gets the seconds after which the first worker is killed, and started again; 0 for never.</summary>
    public double KillAfter { get; init; }

    /// <summary>Gets the flows a second that come; 0 for as many as are taken.</summary>
    public double Rate { get; init; }

    /// <summary>Gets the cores of the workers, in turn; empty for any.</summary>
    public IReadOnlyList<int> WorkerCores { get; init; } = [];

    public bool IsJson { get; init; }

    /// <summary>Reads pairs of option and value; null, and what is wrong, where they are none.</summary>
    public static TransportOptions? Parse(string[] options, out string problem)
    {
        var read = new TransportOptions { IsJson = options.Contains("--json") };
        foreach (var pair in options.Where(option => option != "--json").Chunk(2))
        {
            if (pair.Length < 2 || read.With(pair[0], pair[1]) is not { } next)
            {
                problem = $"'{string.Join(' ', pair)}' is none of its options with a value that it takes";
                return null;
            }

            read = next;
        }

        problem = "";
        return read;
    }

    TransportOptions? With(string option, string value) => (option, Number(value)) switch
    {
        ("--packets", >= 1 and <= TransportVerb.Depth and var number) => this with { Packets = (int)number },
        ("--batch", >= 1 and <= 512 and var number) => this with { Batch = (int)number },
        ("--credits", >= 1 and <= 64 and var number) => this with { Credits = (int)number },
        ("--workers", >= 1 and <= 16 and var number) => this with { Workers = (int)number },
        ("--seconds", > 0 and <= 3600 and var number) => this with { Seconds = number },
        ("--warm-up", >= 0 and <= 3600 and var number) => this with { WarmUp = number },
        ("--deadline", >= 1 and <= 60_000 and var number) => this with { Deadline = number },
        ("--kill-after", > 0 and <= 3600 and var number) => this with { KillAfter = number },
        ("--rate", >= 1 and <= 1e7 and var number) => this with { Rate = number },
        ("--worker-cores", _) when value.Split(',').All(core => Number(core) is >= 0 and < 1024) =>
            this with { WorkerCores = [.. value.Split(',').Select(core => (int)Number(core))] },
        _ => null,
    };

    static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
