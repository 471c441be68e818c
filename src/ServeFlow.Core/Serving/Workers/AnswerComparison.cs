using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Telemetry;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Counts, by the class that a plan answered, how often another plan answered the same. Classes are the same where
/// their names are. One thread counts; any thread may read.
/// </summary>
public sealed class AnswerComparison
{
    /// <summary>Pairs of classes that are counted apart: 8 bytes each.</summary>
    const int MaxPairs = 1 << 18;

    readonly string[] mainLabels;
    readonly string[] shadowLabels;

    /// <summary>
    /// Holds, by class of the main plan, the place of the shadow's class of that name; −1 for none.
    /// </summary>
    readonly int[] same;

    readonly long[] agreements;
    readonly long[] disagreements;

    /// <summary>Holds a count for each pair of classes; empty where there are too many.</summary>
    readonly long[] pairs;

    long unpaired;
    long others;

    public AnswerComparison(CascadePlan main, CascadePlan shadow)
    {
        mainLabels = [.. main.Labels, Classification.UnknownLabel];
        shadowLabels = [.. shadow.Labels, Classification.UnknownLabel];
        same = [.. mainLabels.Select(label => Array.IndexOf(shadowLabels, label))];
        same[^1] = shadowLabels.Length - 1;
        agreements = new long[mainLabels.Length];
        disagreements = new long[mainLabels.Length];
        pairs = new long[(long)mainLabels.Length * shadowLabels.Length <= MaxPairs
            ? mainLabels.Length * shadowLabels.Length : 0];
    }

    /// <summary>Gets the flows that both have answered.</summary>
    public long Compared => Agreed + Disagreed;

    public long Agreed => agreements.Sum();

    public long Disagreed => disagreements.Sum();

    /// <summary>
    /// Gets the answers whose other one did not come: flows that were open when the comparison began.
    /// </summary>
    public long Unpaired => Volatile.Read(ref unpaired);

    /// <summary>Gets the flows that another model answered than the one that is compared, such as a canary.</summary>
    public long Others => Volatile.Read(ref others);

    /// <summary>Gets agreements and disagreements by class that the main plan answered, where there are any.</summary>
    public IEnumerable<ComparedClass> Classes => mainLabels.Select((label, i) =>
        new ComparedClass(label, agreements[i], disagreements[i])).Where(one => one.Agreed + one.Disagreed > 0);

    /// <summary>Gets the pairs of different classes that occurred, the most frequent first.</summary>
    public IEnumerable<ComparedPair> Pairs => pairs.Select((count, i) =>
        new ComparedPair(mainLabels[i / shadowLabels.Length], shadowLabels[i % shadowLabels.Length], count))
        .Where(pair => pair.Flows > 0 && pair.Main != pair.Shadow).OrderByDescending(pair => pair.Flows);

    /// <summary>Adds the counts of another worker's comparison of the same plans.</summary>
    public void Add(AnswerComparison other)
    {
        CountArray.Add(agreements, other.agreements);
        CountArray.Add(disagreements, other.disagreements);
        CountArray.Add(pairs, other.pairs);
        unpaired += other.Unpaired;
        others += other.Others;
    }

    /// <summary>Counts two answers for one flow; returns whether they are the same class.</summary>
    /// <param name="main">The label that the main plan gave, or <see cref="Classification.UnknownId"/>.</param>
    /// <param name="shadow">The label that the shadow gave, in the same way.</param>
    internal bool Count(int main, int shadow)
    {
        var row = main < 0 ? mainLabels.Length - 1 : main;
        var column = shadow < 0 ? shadowLabels.Length - 1 : shadow;
        if (pairs.Length > 0)
        {
            pairs[(row * shadowLabels.Length) + column]++;
        }

        var isSame = same[row] == column;
        (isSame ? agreements : disagreements)[row]++;
        return isSame;
    }

    internal void CountUnpaired() => Volatile.Write(ref unpaired, unpaired + 1);

    internal void CountOther() => Volatile.Write(ref others, others + 1);
}

/// <summary>Tells how often two plans answered the same where the main one answered a class.</summary>
public sealed record ComparedClass(string Label, long Agreed, long Disagreed);

/// <summary>Tells how many flows the main plan answered one class, and the shadow another.</summary>
public sealed record ComparedPair(string Main, string Shadow, long Flows);
