using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServeFlow.Models;

/// <summary>XGBoost's JSON as far as it is read; its schema is doc/model.schema in XGBoost's sources.</summary>
sealed record XgboostDocument(XgboostLearner Learner);

/// <param name="FeatureNames">Empty where the matrix had none.</param>
sealed record XgboostLearner(
    XgboostBooster GradientBooster,
    XgboostParameters LearnerModelParam,
    XgboostObjective Objective,
    XgboostAttributes? Attributes = null,
    string[]? FeatureNames = null);

/// <param name="Model">Null in dart, whose trees lie deeper.</param>
sealed record XgboostBooster(string Name, XgboostModel? Model = null);

/// <param name="TreeInfo">The class that each tree adds to.</param>
/// <param name="Trees">Null, as the others are, in boosters other than trees.</param>
sealed record XgboostModel(XgboostModelParameters? GbtreeModelParam = null, int[]? TreeInfo = null,
    XgboostTree[]? Trees = null);

/// <summary>Numbers are written as texts.</summary>
sealed record XgboostModelParameters(string? NumParallelTree = null);

/// <inheritdoc cref="XgboostModelParameters"/>
/// <param name="NumClass">0 where the objective is binary.</param>
/// <param name="NumTarget">1, where it is written at all.</param>
sealed record XgboostParameters(string BaseScore, string NumClass, string NumFeature, string? NumTarget = null);

sealed record XgboostObjective(string Name);

/// <summary>Holds the attributes that XGBoost's Python package leaves beside the trees.</summary>
/// <param name="ScikitLearn">JSON with NaN in it, which JSON does not have.</param>
sealed record XgboostAttributes(string? BestIteration = null, string? ScikitLearn = null);

/// <summary>
/// Holds one tree, a value per node. A node without children is a leaf, and its split condition is its value.
/// </summary>
sealed record XgboostTree(
    int[] LeftChildren,
    int[] RightChildren,
    int[] SplitIndices,
    float[] SplitConditions,
    [property: JsonConverter(typeof(FlagArrayConverter))] bool[] DefaultLeft,
    int[]? SplitType = null,
    int[]? CategoriesNodes = null);

/// <summary>Flags, written as true and false or as 1 and 0: versions differ.</summary>
sealed class FlagArrayConverter : JsonConverter<bool[]>
{
    public override bool[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("a list of flags was expected");
        }

        var flags = new List<bool>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            flags.Add(reader.TokenType switch
            {
                JsonTokenType.True => true,
                JsonTokenType.False => false,
                JsonTokenType.Number when reader.TryGetInt32(out var number) && number is 0 or 1 => number == 1,
                _ => throw new JsonException("a flag is neither 0 nor 1"),
            });
        }

        return [.. flags];
    }

    public override void Write(Utf8JsonWriter writer, bool[] value, JsonSerializerOptions options) =>
        throw new NotSupportedException("models are only read");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(XgboostDocument))]
sealed partial class XgboostContext : JsonSerializerContext;
