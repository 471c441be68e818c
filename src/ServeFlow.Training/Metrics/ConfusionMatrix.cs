namespace ServeFlow.Training.Metrics;

/// <summary>
/// Counts of (true class, predicted class) and the scores that follow, defined as scikit-learn's
/// <c>f1_score(zero_division=0)</c>: macro over the classes that occur in truth or prediction, weighted by support.
/// A flow without an answer counts against its class and for none.
/// </summary>
public sealed class ConfusionMatrix
{
    /// <summary>Specifies the prediction of a flow that got no answer.</summary>
    public const int Unanswered = -1;

    readonly int[] counts;
    readonly int[] unanswered;
    readonly int[] support;
    readonly int[] predicted;

    public ConfusionMatrix(int classes)
    {
        Classes = classes;
        counts = new int[classes * classes];
        unanswered = new int[classes];
        support = new int[classes];
        predicted = new int[classes];
    }

    ConfusionMatrix(ConfusionMatrix other)
    {
        Classes = other.Classes;
        Total = other.Total;
        Correct = other.Correct;
        counts = [.. other.counts];
        unanswered = [.. other.unanswered];
        support = [.. other.support];
        predicted = [.. other.predicted];
    }

    public int Classes { get; }

    public int Total { get; private set; }

    public int Correct { get; private set; }

    public int this[int truth, int prediction] =>
        prediction < 0 ? unanswered[truth] : counts[(truth * Classes) + prediction];

    public double Accuracy => Total == 0 ? 0 : (double)Correct / Total;

    public double WeightedF1
    {
        get
        {
            var sum = 0.0;
            for (var c = 0; c < Classes; c++)
            {
                sum += support[c] * F1(c);
            }

            return Total == 0 ? 0 : sum / Total;
        }
    }

    public double MacroF1
    {
        get
        {
            var (sum, present) = (0.0, 0);
            for (var c = 0; c < Classes; c++)
            {
                sum += F1(c);
                present += support[c] > 0 || predicted[c] > 0 ? 1 : 0;
            }

            return present == 0 ? 0 : sum / present;
        }
    }

    public ConfusionMatrix Copy() => new(this);

    /// <param name="prediction">A class, or <see cref="Unanswered"/>.</param>
    /// <param name="times">Negative takes flows out again.</param>
    public void Add(int truth, int prediction, int times = 1)
    {
        Total += times;
        support[truth] += times;
        if (prediction < 0)
        {
            unanswered[truth] += times;
            return;
        }

        counts[(truth * Classes) + prediction] += times;
        predicted[prediction] += times;
        Correct += truth == prediction ? times : 0;
    }

    public int Support(int label) => support[label];

    public int Predicted(int label) => predicted[label];

    public double Precision(int label) => predicted[label] == 0 ? 0 : (double)this[label, label] / predicted[label];

    public double Recall(int label) => support[label] == 0 ? 0 : (double)this[label, label] / support[label];

    public double F1(int label)
    {
        var both = support[label] + predicted[label];
        return both == 0 ? 0 : 2.0 * this[label, label] / both;
    }
}
