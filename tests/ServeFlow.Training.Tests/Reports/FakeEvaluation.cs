using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Tests.Reports;

/// <summary>
/// An evaluation of any number of classes with everything that a report can show, its numbers drawn at random, its
/// labels as long as real ones.
/// </summary>
static class FakeEvaluation
{
    const int Flows = 12_345;

    static readonly string[] Names =
    [
        "video-conferencing", "dns", "Withings", "D-LinkHomeHub", "iKettle2", "WWW & <more>", "social-feed",
            "TP-LinkPlugHS110",
        "EdimaxPlug1101W", "MAXGateway", "quic", "HueBridge", "netbios-name-service", "smb", "mail",
    ];

    static readonly string[] Tiers = ["fastest", "fast", "slow"];

    /// <param name="folder">Receives the bundle.</param>
    public static ReportContent Create(int classes, string folder)
    {
        var random = new Random(classes);
        string[] labels = [.. Enumerable.Range(0, classes)
            .Select(c => Names[c % Names.Length] + (c < Names.Length ? "" : "-2"))];
        var bundle = FakeBundle.Load(folder, labels, random);
        var matrix = Matrix(classes, random);
        SystemScore System(double scale) => SystemScore.From(matrix, Times(scale, random), 2) with
        {
            Interval = Intervals(scale),
        };
        return new(new()
        {
            Bundle = bundle,
            Data = new()
            {
                Captures = 88,
                CapturesTrainedOn = 269,
                Flows = matrix.Total,
                Classes = classes,
                Unlabelled = 1234,
                LabelsUnmatched = 56,
                Sha256 = "cd",
                Seed = 1,
            },
            Labels = labels,
            Cascade = System(1),
            FastestOnly = System(1e-3),
            FastOnly = System(1e-2),
            SlowOnly = System(1000),
            Random = System(1),
            Oracle = System(0.1),
            Tiers = [.. Tiers.Select((name, i) => Tier(name, bundle.Manifest.Tiers[i]))],
            Comparison = Comparison(),
            Confusion = matrix,
            Classes = [.. Enumerable.Range(0, classes).Select(c => new ClassScore(c, labels[c], matrix.Support(c), 3,
                matrix.Precision(c), matrix.Recall(c), matrix.F1(c),
                new(null, new(matrix.Recall(c) - 0.0123, matrix.Recall(c) + 0.01), new(0.0123, 0.9876))))],
            Curves = [Curve("fastest"), Curve("fast")],
            Reliability = [.. Tiers.Select(name => new TierReliability(name, Effect(random), Effect(random)))],
            Paths = Paths(matrix, classes),
            Waits = [.. new[] { 1, 2, 3, 5, 10 }.Select(d => new WaitCurve(d, 1.0 / d, Times(d, random)))],
            NearDuplicates = [new(1, 700, Flows, 300, []), new(10, 20, Flows, 3, [])],
            Audit = Honesty(),
            Importance = Importance(random),
            Unknown = Unknown(matrix),
            Lost = 60,
        }, Load());
    }

    static ConfusionMatrix Matrix(int classes, Random random)
    {
        var matrix = new ConfusionMatrix(classes);
        for (var flow = 0; flow < Flows; flow++)
        {
            var truth = (int)(classes * Math.Pow(random.NextDouble(), 3));
            matrix.Add(truth, random.NextDouble() switch
            {
                < 0.8 => truth,
                < 0.98 => random.Next(classes),
                _ => ConfusionMatrix.Unanswered,
            });
        }

        return matrix;
    }

    static double[] Times(double scale, Random random) =>
        [.. Enumerable.Range(0, 201).Select(_ => scale * Math.Pow(10, (random.NextDouble() * 4) - 2)).Order()];

    static TierScore Tier(string name, BundleTier tier) => new()
    {
        Name = name,
        Model = tier.Model,
        Packets = tier.Packets,
        AnsweredShare = 0.3,
        EscalatedShare = 0.5,
        WeightedF1 = 0.8,
        ErrorsCaught = 0.9,
        NsPerFlow = 430,
        Interval = new(new(0.25, 0.35), new(0.45, 0.55), new(0.78, 0.83), new(0.82, 0.97)),
    };

    static SystemIntervals Intervals(double scale) => new(new(0.75, 0.85), new(0.6, 0.7), new(0.76, 0.86),
        new(90 * scale, 110 * scale), new(0.9 * scale, 1.1 * scale), new(900 * scale, 1100 * scale),
        new(9000 * scale, 11000 * scale), new(0.4, 0.5), new(0.5, 0.6), new(1.9, 2.1));

    static CascadeComparison Comparison() => new()
    {
        Loss = 0.0123,
        LossInterval = new(-0.0021, 0.0234),
        SpeedupMean = 12.3,
        SpeedupMeanInterval = new(9.8, 15.4),
        SpeedupMedian = 1000,
        SpeedupMedianInterval = new(800, 1200),
        FirstPacketShare = 0.62,
        FirstPacketInterval = new(0.58, 0.66),
        ErrorsCaughtInterval = new(0.85, 0.93),
        LostInterval = new(0.003, 0.007),
        Captures = 88,
        Draws = 1000,
    };

    static EvaluationCurve Curve(string tier)
    {
        SharePoint[] line = [new(0, 0.75), new(0.5, 0.8), new(1, 0.88)];
        return new(tier, "universal", 0.81,
            [.. line.Select(p => new AssignmentPoint(-1, 0, 0, p.Share, p.WeightedF1 + 0.01, p.Share, 0))])
        {
            Random = line,
            Oracle = [.. line.Select(p => new SharePoint(p.Share, p.WeightedF1 + 0.02))],
        };
    }

    static CalibrationEffect Effect(Random random)
    {
        ReliabilityDiagram Diagram(double bias) => ReliabilityDiagram.From(Enumerable.Range(0, 2000).Select(_ =>
        {
            var confidence = (float)random.NextDouble();
            return (confidence, random.NextDouble() < confidence - bias);
        })).With(new(0.01, 0.03));
        return new(Diagram(0.1), Diagram(0));
    }

    static FlowPaths Paths(ConfusionMatrix matrix, int classes)
    {
        var unknown = Enumerable.Range(0, classes).Sum(c => matrix[c, ConfusionMatrix.Unanswered]);
        var (right, wrong) = (matrix.Correct, matrix.Total - matrix.Correct - unknown);
        TierFlows[] tiers =
        [
            Flow("fastest", 1, (right / 2, wrong / 4), (0, 0), matrix.Total - (right / 2) - (wrong / 4)),
            Flow("fast", 1, (right / 4, wrong / 4), (0, 0),
                right - (right / 2) - (right / 4) + wrong - (2 * (wrong / 4)) + unknown),
            Flow("slow", 10, (right - (right / 2) - (right / 4) - 100, wrong - (2 * (wrong / 4)) - 1), (100, 1), 0) with
            {
                Unknown = unknown,
            },
        ];
        return new(tiers, [.. Enumerable.Range(0, classes)
            .Select(c => new ClassFlows(matrix.Support(c), matrix.Support(c) / 2, 3.5 * c))]);
    }

    static TierFlows Flow(string name, int packets, (int Right, int Wrong) whole, (int Right, int Wrong) ended,
        int escalated) => new()
        {
            Name = name,
            Packets = packets,
            Right = whole.Right,
            Wrong = whole.Wrong,
            ShortRight = ended.Right,
            ShortWrong = ended.Wrong,
            Escalated = escalated,
            LatencyMs = [0.001 * packets, 3 * packets, 400 * packets],
        };

    static AuditReport Honesty() => new()
    {
        TrainingFlows = 30_000,
        Flows = Flows,
        MajorityF1 = 0.04,
        Checks =
        [
            new("addresses_alone", 0.31, 0.04, AuditVerdict.Failed, "Addresses alone reach 0.31."),
            new("shuffled_labels", 0.05, 0.04, AuditVerdict.Passed, "With shuffled labels nothing is learned."),
            new("split_by_time", null, null, AuditVerdict.Skipped, "The captures' times were not given."),
        ],
        Deduplicated = [new(1, 500, 0.8, 0.85)],
    };

    static UnknownReport Unknown(ConfusionMatrix matrix) => new()
    {
        Budget = 0.05,
        Known = Flows,
        Rejected = 240,
        RejectedWrong = 90,
        WeightedF1Closed = 0.91,
        OpenSet = matrix,
        Auroc = 0.9,
        UnknownClasses = [new("printer & scanner", 40, 0.93, 0.6), new("doorbell", 12, 0.7, 0.25)],
    };

    static ImportanceReport Importance(Random random)
    {
        ImportanceRow Row(string name, double loss) =>
            new(name, [.. Enumerable.Range(0, 4).Select(_ => new ImportanceLoss(loss * random.NextDouble(), 0.004))]);
        return new()
        {
            Flows = Flows,
            Repeats = 5,
            Systems = ["cascade", .. Tiers],
            WeightedF1 = [0.9, 0.8, 0.82, 0.91],
            Fields = [.. Enumerable.Range(0, 30).Select(i => Row($"tcp_opt_{i}_of_many", 0.3 / (i + 1)))],
            Packets = [.. Enumerable.Range(1, 10).Select(p => Row($"{p}", 0.2 / p))],
            Everything = Row("everything", 0.8),
        };
    }

    static LoadRun Load() => new()
    {
        Cpu = "Processor",
        Workers = 1,
        Points = [.. Enumerable.Range(1, 6).Select(i => new LoadPoint
        {
            Offered = 100_000 * i, Flows = 500, Packets = 5000, Achieved = Math.Min(100_000 * i, 420_000), P50Us = 12,
            P99Us = 300 * i, P999Us = 4000, Under16Ms = 0.99, Dropped = 70 * i, Unanswered = 0, Overload = 10 * i,
            FirstPacket = new(0.5, 3 * i, 40 * i * i, 0),
        })],
    };
}
