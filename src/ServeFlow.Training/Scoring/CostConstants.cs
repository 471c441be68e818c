using System.Text.Json;
using System.Text.Json.Serialization;
using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Training.Scoring;

/// <summary>
/// Turns what a model has to do into nanoseconds per flow, in full batches on one core. Tiers are chosen by these
/// estimates and not by a clock, so that the same captures and the same seed give the same cascade on any machine at
/// any load. The constants are kept in <c>costs.json</c>; <c>bench costs</c> measures them anew.
/// </summary>
/// <param name="Flow">Nanoseconds for a flow, whatever the model.</param>
/// <param name="Packet">Nanoseconds for each packet that the model waits for.</param>
/// <param name="Plane">Nanoseconds for each different question that the trees ask.</param>
/// <param name="Node">Nanoseconds for each branch.</param>
/// <param name="Tree">Nanoseconds for each tree.</param>
/// <param name="Column">Nanoseconds for each column of a model that is no forest.</param>
/// <param name="Byte">Nanoseconds for each byte of its weights.</param>
public sealed record CostConstants(double Flow, double Packet, double Plane, double Node, double Tree, double Column,
    double Byte)
{
    const string ResourceName = "ServeFlow.Training.Scoring.costs.json";

    /// <summary>Gets the constants that are part of the program.</summary>
    public static CostConstants Default { get; } = ReadDefault();

    /// <summary>Reads constants from a file that <c>bench costs</c> wrote.</summary>
    /// <exception cref="InputException">There is no such file, or it holds no such constants.</exception>
    public static CostConstants Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is JsonException || e.IsFileFailure)
        {
            var reason = e is JsonException json ? json.Reason : InputException.Quote(e.Message);
            throw new InputException(
                $"{path}: no cost constants ({reason}); write the file with 'serveflow bench costs -w FILE'", e);
        }
    }

    /// <summary>Formats the constants as the file that <see cref="Read"/> takes.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, CostJson.Default.CostConstants) + "\n";

    /// <summary>Estimates what a model computes for a flow.</summary>
    /// <param name="work">What the model has to do.</param>
    /// <param name="depth">Packets that it waits for.</param>
    /// <returns>Nanoseconds per flow, above 0.</returns>
    public double Estimate(ModelWork work, int depth)
    {
        var features = Flow + (Packet * depth);
        return work.Bytes > 0
            ? features + (Column * work.Columns) + (Byte * work.Bytes)
            : features + (Plane * work.Planes) + (Node * work.Nodes) + (Tree * work.Trees);
    }

    static CostConstants ReadDefault()
    {
        using var resource = typeof(CostConstants).Assembly.GetManifestResourceStream(ResourceName)!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return Parse(bytes);
    }

    static CostConstants Parse(byte[] json)
    {
        var constants = JsonSerializer.Deserialize(json, CostJson.Default.CostConstants)
            ?? throw new JsonException("it is null");
        double[] all =
        [
            constants.Packet, constants.Plane, constants.Node, constants.Tree, constants.Column, constants.Byte,
        ];
        return constants.Flow > 0 && all.Append(constants.Flow).All(value => value >= 0 && double.IsFinite(value))
            ? constants
            : throw new JsonException("a constant is below 0, or flow is not above it");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    NewLine = "\n", UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CostConstants))]
sealed partial class CostJson : JsonSerializerContext;
