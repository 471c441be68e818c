using System.Globalization;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Features;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.FeatureSelection;

/// <summary>
/// Chooses a feature set by forward selection: from header bits on, each further group of columns is kept where models
/// gain by it on captures that they have not seen, and the gain's 95 % interval over draws of captures lies above 0.
/// Otherwise the simpler set stays. At last all groups are tried at once, in the same way. Windows begin in the middle
/// of a conversation, where headers say little: for them, aggregates alone are tried too. The same flows and the same
/// seed give the same choice.
/// </summary>
public sealed class FeatureSelector
{
    /// <summary>Fewer captures, or groups where the labels name any, tell no gain from chance: the default set is
    /// taken.</summary>
    public const int MinCaptures = 10;

    const string HeaderBits = "nprint:ip4,ip6,tcp,udp,icmp";

    /// <summary>Limits the flows: gains of a hundredth are seen on fewer.</summary>
    const int MaxFlows = 20_000;

    /// <summary>
    /// Trees of the forests that sets are compared by: gains are as those of a hundred trees, in half the time.
    /// </summary>
    const int Trees = 40;

    const int Folds = 3;

    /// <summary>Limits the packets at which sets without aggregates are compared, all of whose columns are of single
    /// packets. A hundred have a hundred thousand; what more packets tell is found in their sums.</summary>
    const int MaxPackets = 100;

    static readonly string[] Groups = ["+dir", "+size", "+iat", "+agg"];

    /// <summary>Holds the sets that are tried for windows after all others: numbers over all packets that a tier sees,
    /// without columns of single packets, among which trees hardly find them.</summary>
    static readonly string[] WindowSets = [FeatureSchema.NoHeaders + "+agg", FeatureSchema.NoHeaders + "+agg+burst"];

    static readonly string Everything = HeaderBits + string.Concat(Groups);

    readonly FlowSample flows;
    readonly string mask;
    readonly int depth;
    readonly int wholeDepth;
    readonly TrainerOptions options;
    readonly SplitKind split;

    /// <param name="flows">The training flows, with any schema.</param>
    /// <param name="depth">Packets that the compared models see; without aggregates <see cref="MaxPackets"/> at
    /// most.</param>
    /// <param name="wholeDepth">Packets that models of aggregates alone see, so that these are of whole windows;
    /// <paramref name="depth"/> or more.</param>
    /// <param name="options">The options of the training that the set is for.</param>
    /// <param name="split">What is kept together when the flows are divided.</param>
    public FeatureSelector(FlowSample flows, int depth, int wholeDepth, TrainerOptions options, SplitKind split)
    {
        this.flows = flows.EvenlySampled(MaxFlows);
        mask = flows.Data.Schema.Mask;
        (this.depth, this.wholeDepth) = (depth, wholeDepth);
        this.options = options with { Rounds = Trees };
        this.split = split;
    }

    string Model => $"et@{depth}";

    /// <summary>Gets what the reason of a choice adds where not all sets were compared at the same depth.</summary>
    string Depths => depth > MaxPackets ? $"; sets without aggregates were compared at {MaxPackets} packets"
        : wholeDepth > depth ? $"; aggregates alone were compared over whole windows, up to {wholeDepth} packets"
        : "";

    /// <summary>Determines whether a set has aggregates alone, which whole windows are compared by.</summary>
    public static bool IsOfWholeWindows(FeatureSchema schema) => WindowSets.Contains(schema.Set);

    /// <summary>Chooses a set.</summary>
    /// <returns>The chosen schema, with the mask of the flows, and why.</returns>
    public (FeatureSchema Schema, BundleFeatureChoice Choice) Choose(IProgress<TrainingProgress>? progress,
        CancellationToken cancel)
    {
        var captures = flows.Groups.Distinct().Count();
        if (captures < MinCaptures)
        {
            var set = flows.Data.Unit.IsWholeFlow ? FeatureSchema.DefaultSet : FeatureSchema.DefaultWindowSet;
            return (FeatureSchema.Parse(set, mask), new(Model, captures,
                $"the default set: {NumberText.Count(captures, flows.Data.GroupWord)} tell no gain from chance, it "
                    + $"takes {MinCaptures}", []));
        }

        var trials = Compare(progress, cancel);
        var chosen = trials.Last(trial => trial.Taken);
        var gain = chosen.WeightedF1 - trials[0].WeightedF1;
        var why = ReferenceEquals(chosen, trials[0])
            ? "header bits alone: no other columns gain more than chance would"
            : string.Create(CultureInfo.InvariantCulture,
                $"columns that gain more than chance would: {gain:0.0000} of weighted F1 together");
        return (FeatureSchema.Parse(chosen.Set, mask), new(Model, captures, why + Depths, trials));
    }

    List<BundleFeatureTrial> Compare(IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        var folds = Split.Folds(flows, Folds, split, options.Seed);
        var (draws, done) = (CaptureDraws.Create(flows, options.Seed, CaptureDraws.ForBounds), 0);
        var extras = flows.Data.Unit.IsWholeFlow ? [] : WindowSets;
        var (best, bestF1) = (HeaderBits, Measure(HeaderBits));
        List<BundleFeatureTrial> trials = [new(best, "", bestF1[0], 0, 0, 0, Taken: true)];
        foreach (var group in Groups)
        {
            Try(best + group);
        }

        if (trials.TrueForAll(trial => trial.Set != Everything))
        {
            Try(Everything); // some columns help only together
        }

        foreach (var set in extras)
        {
            Try(set);
        }

        return trials;

        void Try(string set)
        {
            var f1 = Measure(set);
            trials.Add(Trial(set, best, f1, bestF1));
            (best, bestF1) = trials[^1].Taken ? (set, f1) : (best, bestF1);
        }

        double[] Measure(string set)
        {
            var schema = FeatureSchema.Parse(set, mask);
            var part = new ProgressPart(progress, done++, Groups.Length + 2 + extras.Length, $"features {schema.Set}");
            return DrawnCounts.From(flows, Predict(schema, folds, part, cancel), draws).WeightedF1();
        }
    }

    static BundleFeatureTrial Trial(string set, string against, double[] f1, double[] againstF1)
    {
        double[] gains = [.. f1.Zip(againstF1, (with, without) => with - without)];
        var interval = Interval.From(gains.Skip(1))!.Value; // column 0 is no draw
        return new(set, against, f1[0], gains[0], interval.Low, interval.High, Taken: interval.Low > 0);
    }

    /// <summary>Predicts every flow with a model that saw nothing of its fold.</summary>
    Predictions Predict(FeatureSchema schema, IReadOnlyList<SplitParts> folds, IProgress<TrainingProgress> progress,
        CancellationToken cancel)
    {
        var packets = IsOfWholeWindows(schema) ? wholeDepth
            : schema.HasAggregates ? depth : Math.Min(depth, MaxPackets);
        var (data, spec) = (flows.Data.With(schema), new ModelSpec("et", packets));
        var trainer = new ModelTrainer([new EtTrainer()], options);
        var predictions = new Predictions(flows.Count, flows.Classes.Count);
        foreach (var (number, fold) in folds.Index())
        {
            var model = trainer.Train(spec, fold.Train.In(data), options,
                new ProgressPart(progress, number, folds.Count, $"features {schema.Set}"), cancel);
            new FlowScorer(packets, data.WaitLimit, ModelTrainer.Compile(model, spec, schema).CreateScorer)
                .Score(fold.HeldOut.In(data), predictions, flows.PositionsOf(fold.HeldOut), cancel);
        }

        return predictions;
    }
}
