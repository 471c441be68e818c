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

    /// <summary>Limits the classes of which every pair has a place of its own; ten thousand classes would take 400 MB,
    /// a hundred times over where assignments are drawn.</summary>
    const int MaxDense = 512;

    /// <summary>[truth, prediction]; null where there are too many classes.</summary>
    readonly int[]? dense;

    /// <summary>The pairs that differ and have occurred, where there are too many classes.</summary>
    readonly Dictionary<(int Truth, int Prediction), int> sparse = [];

    readonly int[] right;
    readonly int[] unanswered;
    readonly int[] support;
    readonly int[] predicted;

    public ConfusionMatrix(int classes)
    {
        Classes = classes;
        dense = classes <= MaxDense ? new int[classes * classes] : null;
        right = new int[classes];
        unanswered = new int[classes];
        support = new int[classes];
        predicted = new int[classes];
    }

    ConfusionMatrix(ConfusionMatrix other)
    {
        Classes = other.Classes;
        Total = other.Total;
        Correct = other.Correct;
        dense = other.dense is null ? null : [.. other.dense];
        sparse = new(other.sparse);
        right = [.. other.right];
        unanswered = [.. other.unanswered];
        support = [.. other.support];
        predicted = [.. other.predicted];
    }

    public int Classes { get; }

    public int Total { get; private set; }

    public int Correct { get; private set; }

    public int this[int truth, int prediction] => prediction < 0 ? unanswered[truth]
        : truth == prediction ? right[truth]
        : dense is not null ? dense[(truth * Classes) + prediction]
        : sparse.GetValueOrDefault((truth, prediction));

    /// <summary>Gets whether all pairs of classes are few enough to be listed.</summary>
    public bool ListsAllPairs => dense is not null;

    /// <summary>Lists the wrong answers that occur, <see cref="Unanswered"/> among them, by class and answer.</summary>
    public IEnumerable<(int Truth, int Prediction, int Flows)> Confusions()
    {
        var pairs = dense is null
            ? sparse.Keys
            : from truth in Enumerable.Range(0, Classes)
              from prediction in Enumerable.Range(0, Classes)
              where truth != prediction
              select (Truth: truth, Prediction: prediction);
        return pairs.Concat(Enumerable.Range(0, Classes).Select(truth => (Truth: truth, Prediction: Unanswered)))
            .Select(pair => (pair.Truth, pair.Prediction, Flows: this[pair.Truth, pair.Prediction]))
            .Where(confusion => confusion.Flows > 0)
            .OrderBy(confusion => (confusion.Truth, confusion.Prediction));
    }

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

        predicted[prediction] += times;
        if (truth == prediction)
        {
            right[truth] += times;
            Correct += times;
        }
        else if (dense is not null)
        {
            dense[(truth * Classes) + prediction] += times;
        }
        else
        {
            sparse[(truth, prediction)] = sparse.GetValueOrDefault((truth, prediction)) + times;
        }
    }

    public int Support(int label) => support[label];

    public int Predicted(int label) => predicted[label];

    public double Precision(int label) => predicted[label] == 0 ? 0 : (double)right[label] / predicted[label];

    public double Recall(int label) => support[label] == 0 ? 0 : (double)right[label] / support[label];

    public double F1(int label)
    {
        var both = support[label] + predicted[label];
        return both == 0 ? 0 : 2.0 * right[label] / both;
    }
}
