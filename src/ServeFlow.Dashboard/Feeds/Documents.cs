using System.Text.Json;
using System.Text.Json.Serialization;
using ServeFlow.Service;

namespace ServeFlow.Dashboard.Feeds;

/// <summary>Describes the sensor's state: the part of <c>/api/status</c> that the page shows.</summary>
/// <param name="Started">When the sensor started, in UTC.</param>
/// <param name="Drift">How the traffic compares with that of training; null where that is not watched.</param>
public sealed record StatusDocument(string Started, string Model, string ModelVersion, DriftDocument? Drift)
{
    public static StatusDocument Read(IRunningSensor sensor) => Document.Read<StatusDocument>(sensor.DescribeStatus());
}

/// <summary>Describes how the traffic compares with that of training.</summary>
/// <param name="Level">The score of the latest window; above 1 it raises an alarm.</param>
/// <param name="Unusual">The figures of that window that are unusual, in words.</param>
/// <param name="Since">When the drift began; null where there is none.</param>
public sealed record DriftDocument(bool Active, double Level, long Alarms, long Windows, long Flows,
    IReadOnlyList<string> Unusual, string? Since = null);

/// <summary>Describes the models in use and those that could be: <c>/api/models</c>.</summary>
/// <param name="Previous">The model that one can go back to; null for none.</param>
/// <param name="Comparison">How the answers of the shadow compare; null where there is no shadow.</param>
public sealed record ModelsDocument(IReadOnlyList<UsedModel> Models, string? Previous, ComparisonDocument? Comparison,
    IReadOnlyList<ModelEntry> Repository)
{
    /// <summary>Reads it; may wait for a change of the models that is being made.</summary>
    /// <exception cref="InputException">The repository cannot be read.</exception>
    public static ModelsDocument Read(IRunningSensor sensor) =>
        Document.Read<ModelsDocument>(sensor.DescribeModels());
}

/// <summary>Represents a model in use.</summary>
/// <param name="Role">main, canary or shadow.</param>
/// <param name="Share">The share of new flows that a canary answers; null for others.</param>
public sealed record UsedModel(string Name, string Version, string Sha256, string Path, string Role, double? Share,
    long Answers);

/// <summary>Counts the flows that the shadow answered too.</summary>
/// <param name="Agreement">The share of flows with the same label; null before the first.</param>
public sealed record ComparisonDocument(long Compared, long Agreed, long Disagreed, double? Agreement,
    IReadOnlyList<PairDocument> Pairs);

/// <summary>Counts the flows to which main model and shadow gave two different labels.</summary>
public sealed record PairDocument(string Name, long Flows);

/// <summary>Reads the documents of the API as records.</summary>
static class Document
{
    static readonly JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static T Read<T>(object described) =>
        JsonSerializer.SerializeToElement(described, options).Deserialize<T>(options)!;
}
