using ServeFlow.Cascade;

namespace ServeFlow.Service.Inference;

/// <summary>What a model takes and gives, as the Open Inference Protocol describes it.</summary>
/// <param name="plan">The cascade, whose last tier answers.</param>
sealed class ModelSignature(CascadePlan plan)
{
    public const string Input = "features";
    public const string Probabilities = "probabilities";
    public const string Label = "label";

    /// <summary>Names the probabilities that the model itself gives, for a cascade that calibrates them itself; given
    /// on request.</summary>
    public const string Scores = "scores";

    /// <summary>Limits the rows of a request: some milliseconds of work.</summary>
    public const int MaxRows = 1024;

    static readonly string[] Outputs = [Probabilities, Label, Scores];

    /// <summary>Gets the columns of a row.</summary>
    public int Columns { get; } = ColumnTier.CountColumns(plan);

    /// <summary>Gets whether each number is −1, 0 or 1; else some are sizes or times.</summary>
    public bool IsTernary => plan.Schema.IsBinary;

    /// <summary>Gets the datatype of the input.</summary>
    public string Datatype => IsTernary ? "INT8" : "FP32";

    /// <summary>Describes it, as an object that is written as JSON.</summary>
    /// <param name="versions">The versions of that name that can be asked.</param>
    public object Describe(IReadOnlyList<string> versions) => new
    {
        plan.Name,
        Versions = versions,
        Platform = "serveflow",
        Inputs = new[] { new { Name = Input, Datatype, Shape = new[] { -1, Columns } } },
        Outputs = new object[]
        {
            new { Name = Probabilities, Datatype = "FP32", Shape = new[] { -1, plan.Labels.Count } },
            new { Name = Label, Datatype = "BYTES", Shape = new[] { -1 } },
            new { Name = Scores, Datatype = "FP32", Shape = new[] { -1, plan.Labels.Count } },
        },
        Parameters = new
        {
            plan.Version,
            Tier = plan.Tiers[^1].Name,
            Packets = plan.Tiers[^1].PacketDepth,
            Features = plan.Schema.Set,
            plan.Schema.Mask,
            Schema = plan.Schema.Hash,
            Sha256 = plan.Tiers[^1].ModelSha256,
            plan.Labels,
        },
    };

    /// <summary>Checks everything of a request but its numbers; gives its rows.</summary>
    /// <exception cref="RequestException">A field does not fit the model.</exception>
    public int Check(InferenceRequest request)
    {
        Require(request.Inputs.Count == 1, "inputs", $"has {request.Inputs.Count} tensors: give one, '{Input}'");
        var input = request.Inputs[0];
        Require(input.Name == Input, "inputs[0].name", $"'{Quote(input.Name)}': the input is '{Input}'");
        Require(input.Datatype == Datatype, "inputs[0].datatype", $"'{Quote(input.Datatype)}': give {Datatype}");
        Require(input.Shape is [> 0 and <= MaxRows, var width] && width == Columns, "inputs[0].shape",
            $"[{string.Join(", ", input.Shape ?? [])}]: give [rows, {Columns}], with 1 to {MaxRows} rows");
        Require(input.Data is null != input.BinarySize is null, "inputs[0].data",
            "give the numbers here, or in binary behind the JSON with parameters.binary_data_size");
        Require(request.Outputs.Count <= Outputs.Length, "outputs",
            $"has {request.Outputs.Count} names: there are {string.Join(" and ", Outputs)}");
        foreach (var (place, name) in request.Outputs.Index())
        {
            Require(Outputs.Contains(name), $"outputs[{place}].name",
                $"'{Quote(name)}': there are {string.Join(" and ", Outputs)}");
            Require(!request.Outputs.Take(place).Contains(name), $"outputs[{place}].name",
                $"'{Quote(name)}': is asked for twice");
        }

        return (int)input.Shape![0];
    }

    static string Quote(string? text) => InputException.Quote(text ?? "");

    static void Require(bool holds, string field, string problem)
    {
        if (!holds)
        {
            throw RequestException.Field(field, problem);
        }
    }
}
