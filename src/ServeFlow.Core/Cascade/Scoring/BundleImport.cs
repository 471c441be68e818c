using System.Text.Json.Serialization;

namespace ServeFlow.Cascade.Scoring;

/// <summary>Describes a tier whose model was imported rather than trained here.</summary>
/// <param name="Format">The format of the model's file: a name that <see cref="ModelFormats"/> finds.</param>
/// <param name="Output">What the model gives.</param>
/// <param name="Classes">The number of the label for each of the model's classes; labels that the model does not know
/// get probability 0.</param>
public sealed record BundleImport(string Format, ModelOutput Output, IReadOnlyList<int> Classes)
{
    /// <summary>
    /// The model as one of the bundle's: its classes put in the labels' order, its rows summing to 1.
    /// </summary>
    /// <param name="labels">How many the bundle has.</param>
    public ITierModel Apply(ITierModel model, int labels) => new ImportedModel(model, this, labels);
}

/// <summary>Tells what a model's output rows hold.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ModelOutput>))]
public enum ModelOutput
{
    /// <summary>They sum to 1.</summary>
    [JsonStringEnumMemberName("probabilities")]
    Probabilities,

    /// <summary>Any numbers; softmax makes probabilities of them.</summary>
    [JsonStringEnumMemberName("logits")]
    Logits,
}
