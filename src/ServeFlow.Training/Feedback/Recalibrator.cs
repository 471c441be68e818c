using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Drift;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Drift;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Feedback;

/// <summary>
/// Calibrates a bundle anew on flows whose labels came later: probabilities, thresholds, timeouts and what drift is
/// held against. The models stay as they are. Nothing of these flows was in their training, so that what they answer is
/// honest, and the same rules as in training choose the thresholds: judged on captures that they were not fitted on,
/// with the same promise.
/// </summary>
public sealed class Recalibrator
{
    readonly FeedbackRequest request;
    readonly CascadePlan plan;
    readonly BundleManifest manifest;
    readonly FlowSample flows;
    readonly int leftOut;

    Recalibrator(FeedbackRequest request)
    {
        this.request = request;
        (plan, manifest) = (request.Bundle.Plan, request.Bundle.Manifest);
        var unseen = UnseenFlows.Find(request.Data, manifest.Data);
        flows = WithLabelsOf(plan, unseen);
        leftOut = unseen.Count - flows.Count;
    }

    /// <summary>Calibrates and writes a bundle.</summary>
    /// <exception cref="InputException">There are too few captures or classes, or it cannot be written.</exception>
    public static Recalibration Run(FeedbackRequest request, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancel = default) => new Recalibrator(request).Run(progress, cancel);

    Recalibration Run(IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        BundleFolder.CheckTarget(request.Output!);
        var captures = flows.Groups.Distinct().Count();
        Require(captures > 1, $"the labelled flows that the bundle can be calibrated on are of {captures} "
            + $"{flows.Data.GroupWord}: thresholds are judged on others than they are fitted on; label flows of more");
        Require(flows.Labels.Distinct().Count() > 1, "the labelled flows are of one class that the bundle knows: there "
            + "is nothing to tell apart; label flows of others too");
        var work = new TrainingWork(Specs, choosesFeatures: false, leavesClassesOut: false, progress);
        var data = Divide(captures);
        var candidates = Specs.Select((spec, tier) => Measure(spec, plan.Tiers[tier], cancel)).ToList();
        var placed = PlacedTiers.Choose(data, new(candidates), Options, new(), work, cancel);
        var promise = Options.Promise is { } asked ? PromisedLevel.Test(placed.Cascade, placed.Run, asked) : null;
        var calibrated = Describe(placed, promise, captures);
        var folder = BundleWriter.Write(request.Output!, calibrated, request.Bundle);
        work.ReportEnd();
        return new(folder, calibrated, flows.Count, captures, leftOut, calibrated.Metrics.WeightedF1,
            placed.Cascade.Calibration.Estimate.EscalatesAll && placed.Cascade.Tiers.Count > 1);
    }

    IReadOnlyList<ModelSpec> Specs => [.. plan.Tiers.Select(tier => new ModelSpec(tier.Model, tier.PacketDepth))];

    /// <summary>The tiers stay, and so do what early answers may lose and what is promised of them.</summary>
    PlacementOptions Options => new()
    {
        Goal = new()
        {
            MaxLoss = request.MaxLoss ?? manifest.Placement?.Judged?.MaxLoss ?? new AssignmentGoal().MaxLoss,
        },
        Tiers = Specs,
        Promise = manifest.Promise is { } promise ? new(promise.MaxLoss, promise.Confidence) : null,
        Seed = request.Seed,
        EscalationTimeoutShare = plan.Tiers.Any(tier => tier.EscalationTimeouts is not null)
            ? TrainRequest.DefaultEscalationTimeoutShare
            : 0,
    };

    TrainingData Divide(int captures)
    {
        var folds = Split.Folds(flows, Math.Min(captures, TrainRequest.DefaultFolds), SplitKind.Capture, request.Seed);
        return new()
        {
            DataSet = flows.Data,
            Flows = flows,
            CalibrationFlows = flows,
            Folds = folds,
            Specs = Specs,
            Parts = SplitParts.FoldOf(folds, flows),
            Imports = new(flows.Data, [], null),
            Split = SplitKind.Capture,
            Seed = request.Seed,
        };
    }

    /// <summary>Measures a tier's model on the flows.</summary>
    TierCandidate Measure(ModelSpec spec, TierPlan tier, CancellationToken cancel)
    {
        var scorer = new FlowScorer(spec.Depth, plan.WaitLimit, tier.CreateScorer);
        var predictions = scorer.Score(flows, plan.Labels.Count, cancel);
        var matrix = predictions.Score(flows);
        return new()
        {
            Spec = spec,
            Predictions = predictions,
            Cost = new(CostConstants.Default.Estimate(tier.Compiled.Work, spec.Depth), tier.Compiled.EngineName,
                tier.Compiled.MemoryBytes,
                CostMeter.Measure(flows, plan.WaitLimit, [TimedTier.SingleTier(spec.Depth, tier.Compiled)])),
            ReadyNs = [.. Enumerable.Range(0, flows.Count)
                .Select(flow => WaitTime.Compute(flows, flow, spec.Depth, plan.WaitLimit).ReadyNs)],
            WeightedF1 = matrix.WeightedF1,
            MacroF1 = matrix.MacroF1,
            ScorePackets = (asked, packets) => scorer.Score(asked, packets, plan.Labels.Count, cancel),
        };
    }

    BundleManifest Describe(PlacedTiers placed, TestedPromise? promise, int captures)
    {
        var cascade = placed.Cascade;
        var costs = CostMeter.Measure(flows, plan.WaitLimit, [.. plan.Tiers.Zip(cascade.Calibration.Rules,
            (tier, rule) => new TimedTier(tier.PacketDepth, rule, tier.CreateScorer))]);
        return manifest with
        {
            Tiers = [.. manifest.Tiers.Select((tier, number) => Describe(tier, cascade, number))],
            Metrics = BundleContent.ListMetrics(cascade, flows),
            Promise = BundleContent.DescribePromise(promise),
            Placement = new PlacementRecord(placed.Run, cascade, costs, flows).ToBundle(),
            Drift = DescribeDrift(cascade),
            Data = AddCaptures(manifest.Data),
            Origin = new(manifest.Name, manifest.Version, request.Bundle.Sha256, flows.Data.Sha256, flows.Count,
                captures),
        };
    }

    static BundleTier Describe(BundleTier tier, PlacedCascade cascade, int number)
    {
        var rule = cascade.Calibration.Rules[number];
        var isLast = number == cascade.Tiers.Count - 1;
        return tier with
        {
            Temperature = rule.Temperature,
            Isotonic = rule.Isotonic is { } curve ? new(curve.Confidences, curve.Accuracies) : null,
            Measure = MeasureName.Format(rule.Measure),
            GainFile = null,
            Assignment = isLast ? "last" : AssignmentKindName.From(cascade.Calibration.Tiers[number].Kind),
            Thresholds = isLast ? [] : rule.Thresholds,
            EscalationTimeoutsMs = cascade.EscalationTimeouts?.TimeoutsNs[number]?.Select(ns => ns / 1e6).ToArray(),
        };
    }

    DriftBaseline? DescribeDrift(PlacedCascade cascade)
    {
        var depth = plan.Tiers[0].PacketDepth;
        var asked = TreeQuestion.FindMostAsked(plan.Tiers.Select(tier => tier.Compiled), plan.Schema, depth);
        return DriftTrainer.Create(AnsweredFlows.From(flows, cascade.Calibration.Run, cascade.Calibration.Rules,
            cascade.SeenPredictions, FindUnknown(cascade), asked, depth), request.Seed);
    }

    /// <summary>Finds the flows that would be answered <c>unknown</c>; null where every flow gets a class.</summary>
    bool[]? FindUnknown(PlacedCascade cascade)
    {
        if (!plan.ChecksNovelty)
        {
            return null;
        }

        var room = new float[plan.Labels.Count];
        return [.. Enumerable.Range(0, flows.Count).Select(flow =>
        {
            var tier = cascade.Calibration.Run.Tier(flow);
            var decision = cascade.SeenPredictions[tier].Decide(cascade.Calibration.Rules[tier], flow, room);
            var packets = cascade.View?.Packets(flow, tier)
                ?? WaitTime.Compute(flows, flow, plan.Tiers[tier].PacketDepth, plan.WaitLimit).Packets;
            return plan.Tiers[tier].Novelty is { } rule
                && rule.IsUnknown(rule.ComputeNovelty(decision, flows.Packets(flow)[..packets]), decision.LabelId);
        })];
    }

    /// <summary>Thresholds know these captures now: an evaluation is to leave them out.</summary>
    BundleData AddCaptures(BundleData data)
    {
        var used = flows.Captures.Distinct().Select(capture => flows.Data.Captures[capture])
            .Select(capture => new BundleCapture(capture.Path, capture.Sha256)).ToList();
        var hashes = used.Select(capture => capture.Sha256).ToHashSet();
        var trained = data.Trained.Select(capture => capture.Sha256).ToHashSet();
        return data with
        {
            Trained = [.. data.Trained, .. used.Where(capture => !trained.Contains(capture.Sha256))],
            HeldOut = [.. data.HeldOut.Where(capture => !hashes.Contains(capture.Sha256))],
            Groups = data.Groups is { } groups && flows.Data.Groups.Count > 0
                ? groups with
                {
                    Trained = [.. groups.Trained.Union(flows.Groups.Distinct().Select(g => flows.Data.Groups[g]))
                        .Order(StringComparer.Ordinal)],
                }
                : data.Groups,
        };
    }

    /// <summary>Gets the flows of classes and protocols that the bundle knows, labelled by its numbers.</summary>
    static FlowSample WithLabelsOf(CascadePlan plan, FlowSample unseen)
    {
        var numbers = plan.Labels.Index().ToDictionary(label => label.Item, label => label.Index);
        var known = unseen.Where(flow => numbers.ContainsKey(unseen.Classes[flow.Label])
            && (plan.Protocols is not { } protocols || !flow.Protocol.IsKnown
                || protocols.Include(flow.Protocol.IpVersion, flow.Protocol.Transport)));
        Require(known.Count > 0, "no labelled flow is of a class and a protocol that the bundle knows: train a bundle "
            + "that does");
        return known.WithLabels(plan.Labels, [.. known.Labels.Select(label => numbers[known.Classes[label]])]);
    }

    static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new InputException(problem) { Settings = [Setting.Labels] };
        }
    }
}
