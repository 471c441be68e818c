using ServeFlow.Cascade;

namespace ServeFlow.Service.Inference;

/// <summary>Represents a request that fits the last tier of a cascade: first its rows are filled, then it is
/// answered.</summary>
sealed class TierCall
{
    readonly ColumnTier tier;
    readonly int count;

    /// <exception cref="RequestException">The request does not fit the model.</exception>
    public TierCall(CascadePlan plan, InferenceRequest request)
    {
        tier = ColumnTier.Create(plan) ?? throw new RequestException(422, $"model '{plan.Name}': its last tier is no "
            + "tree model, and answers flows alone");
        var signature = new ModelSignature(plan);
        count = signature.Check(request);
        Plan = plan;
        Outputs = request.Outputs.Count > 0 ? request.Outputs : [ModelSignature.Probabilities, ModelSignature.Label];
        Rows = new(count, signature.Columns, tier.Columns, signature.IsTernary);
        Probabilities = new float[count * plan.Labels.Count];
        Labels = new int[count];
        Scores = Outputs.Contains(ModelSignature.Scores) ? new float[Probabilities.Length] : [];
    }

    public CascadePlan Plan { get; }

    /// <summary>Gets the names of the outputs that are wanted.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>Gets the room for the rows.</summary>
    public TensorRows Rows { get; }

    /// <summary>Gets the calibrated probabilities, [rows × classes], row-major.</summary>
    public float[] Probabilities { get; }

    /// <summary>Gets each row's most probable class.</summary>
    public int[] Labels { get; }

    /// <summary>Gets what is not calibrated, [rows × classes], row-major; empty where nobody asks for it.</summary>
    public float[] Scores { get; }

    /// <summary>Computes the answers.</summary>
    public void Answer() => tier.Predict(Rows.Values, count, Probabilities, Labels, Scores);

    /// <summary>Gets the numbers of an output, which is not that of labels.</summary>
    public float[] Numbers(string output) => output == ModelSignature.Scores ? Scores : Probabilities;
}
