namespace ServeFlow.Serving.RemoteTiers;

/// <summary>How a server's model is asked, which was found to fit the tier.</summary>
public sealed record InferenceModel
{
    /// <summary>Names the output of a ServeFlow server that is not calibrated yet.</summary>
    internal const string Scores = "scores";

    const string Probabilities = "probabilities";

    /// <summary>Gets the name of the input.</summary>
    public required string Input { get; init; }

    /// <summary>Gets whether the input is of bytes; else it is of floats.</summary>
    public required bool IsInt8 { get; init; }

    /// <summary>Gets the datatype of the input.</summary>
    public string Datatype => IsInt8 ? "INT8" : "FP32";

    /// <summary>Gets the dimensions of a row.</summary>
    public required IReadOnlyList<long> RowShape { get; init; }

    /// <summary>Gets the name of the output that is asked for.</summary>
    public required string Output { get; init; }

    /// <summary>Gets whether rows of the output are those of the model itself, as it was made elsewhere.</summary>
    public bool IsForeign => Sha256 is null;

    /// <summary>Gets the hash of the model that the answers of a ServeFlow server must name; null for others.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Gets the classes of a row of the output.</summary>
    public required int Classes { get; init; }

    /// <summary>Checks that an answer is of this model: a server may change its model at any time, and ServeFlow's says
    /// with each answer whose it is.</summary>
    /// <param name="sha256">The hash that the answer names; null where it names none.</param>
    /// <exception cref="RefusalException">It is of another one.</exception>
    public void CheckAnswer(string? sha256) => Require(Sha256 is null || sha256 is null || sha256 == Sha256,
        "its answer is of another model than the tier's: give it the same version of the bundle");

    /// <summary>Finds how a model is asked.</summary>
    /// <exception cref="RefusalException">The model is not that of the tier.</exception>
    internal static InferenceModel Fit(ModelMetadata model, TierShape tier)
    {
        if (model.Own is { } own)
        {
            CheckOwn(own, tier);
        }

        Require(model.Inputs.Count == 1, $"its model has {model.Inputs.Count} inputs, and the tier has one");
        var input = model.Inputs[0];
        Require(input.Datatype == "FP32" || (input.Datatype == "INT8" && tier.Schema.IsBinary), $"its input is "
            + $"{Quote(input.Datatype)}: a model that takes {(tier.Schema.IsBinary ? "INT8 or FP32" : "FP32")} is "
            + "needed");
        var classes = model.Own is null ? tier.ModelClasses : tier.Labels.Count;
        return new()
        {
            Input = input.Name,
            IsInt8 = input.Datatype == "INT8",
            RowShape = FindRowShape(input.Shape, tier.Columns),
            Output = FindOutput(model, classes),
            Classes = classes,
            Sha256 = model.Own is null ? null : tier.Sha256,
        };
    }

    static void CheckOwn(OwnModel own, TierShape tier)
    {
        Require(own.Schema == tier.Schema.Hash && own.Packets == tier.Depth, $"its model sees {own.Packets} packets of "
            + $"schema {Quote(own.Schema)}, and the tier {tier.Depth} of {tier.Schema.Hash}: give it the same bundle");
        Require(own.Labels.SequenceEqual(tier.Labels),
            "its model has other labels than the tier: give it the same bundle");
        Require(own.Sha256 is null || own.Sha256 == tier.Sha256, $"its model is {Quote(own.Sha256)}, and that of the "
            + $"tier {tier.Sha256}: give it the same version of the bundle");
    }

    /// <summary>Dimensions that the server leaves open are filled where they are one row of columns.</summary>
    static long[] FindRowShape(IReadOnlyList<long> shape, int columns)
    {
        long[] row = [.. shape.Skip(1)];
        if (row is [< 0])
        {
            row = [columns];
        }

        var product = row.Aggregate(1L, (all, size) => Math.Clamp(all * size, -1, int.MaxValue));
        return product == columns && row.All(size => size > 0) ? row
            : throw new RefusalException($"its input has the shape '[{string.Join(',', shape)}]', and a row of the "
                + $"tier {columns} columns");
    }

    static string FindOutput(ModelMetadata model, int classes)
    {
        var fitting = model.Outputs.Where(output => output.Datatype == "FP32" && output.Shape is [_, var width]
            && (width == classes || width < 0)).Select(output => output.Name).ToList();
        var wanted = model.Own is null ? Probabilities : Scores;
        return fitting.Contains(wanted) ? wanted
            : model.Own is null && fitting is [var only] ? only
            : throw new RefusalException($"it has no output '{wanted}' of FP32 with the shape [rows, {classes}]");
    }

    static string Quote(string? text) => $"'{InputException.Quote(text ?? "")}'";

    static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new RefusalException(problem);
        }
    }
}
