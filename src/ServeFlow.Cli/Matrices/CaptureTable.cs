using System.Security.Cryptography;
using ServeFlow.Cli.Inputs;
using ServeFlow.Cli.Terminal;
using ServeFlow.Export.Matrices;
using ServeFlow.Features;
using ServeFlow.Packets.Captures;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Cli.Matrices;

/// <summary>
/// What a matrix says of the captures: their hashes, and which are left for <c>train</c> to judge by.
/// </summary>
static class CaptureTable
{
    public static IReadOnlyDictionary<string, MatrixCapture> Create(FeaturesOptions options, FeatureSchema schema,
        IReadOnlyList<CapturePath> captures, CancellationToken cancel) =>
        options.HoldOut > 0 || options.Calibrate > 0
            ? AssignParts(options, schema, cancel)
            : captures.ToDictionary(c => c.Name, c => new MatrixCapture(HashOf(c.Path), CaptureParts.Train));

    /// <summary>As <c>train</c> divides them: by the same labels, share and seed.</summary>
    static Dictionary<string, MatrixCapture> AssignParts(FeaturesOptions options, FeatureSchema schema,
        CancellationToken cancel)
    {
        using var line = new ProgressLine();
        var data = LabelledCaptures.Load(new()
        {
            Path = options.Path,
            Labels = options.Labels,
            Schema = schema,
            Depth = 1,
            Window = options.Window,
        }, line, cancel).Data;
        var parts = CaptureParts.Assign(data, options.HoldOut, options.Calibrate, SplitKind.Capture, options.Seed);
        return data.Captures.Index().ToDictionary(c => c.Item.Path,
            c => new MatrixCapture(c.Item.Sha256, parts[c.Index]));
    }

    static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
