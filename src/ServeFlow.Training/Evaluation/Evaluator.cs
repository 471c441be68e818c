using ServeFlow.Cascade;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Evaluation;

/// <summary>
/// The whole of <c>evaluate</c>: every tier scores every flow of captures that training never saw; then six systems
/// answer by those scores, and are compared.
/// </summary>
public sealed class Evaluator
{
    readonly EvaluationRequest request;
    readonly CascadePlan plan;
    readonly DataSet data;

    /// <summary>The flows that training never saw: the bundle's classes first, then those that it does not know, which
    /// it cannot but get wrong.</summary>
    readonly FlowSample flows;

    readonly CaptureDraws draws;

    Evaluator(EvaluationRequest request)
    {
        this.request = request;
        plan = request.Bundle.Plan;
        data = request.Data;
        flows = WithClassesOf(plan, UnseenFlows.Find(data, request.Bundle.Manifest.Data));
        draws = CaptureDraws.Create(flows, request.Seed, CaptureDraws.ForIntervals);
    }

    /// <exception cref="InputException">The data do not fit the bundle, or training saw all of them.</exception>
    public static EvaluationResult Run(EvaluationRequest request, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancel = default)
    {
        var plan = request.Bundle.Plan;
        var depth = plan.Tiers.Max(t => t.PacketDepth);
        if (request.Data.Schema.Hash != plan.Schema.Hash || request.Data.Depth < depth)
        {
            throw new InputException($"the data set holds {request.Data.Schema.Set} to {request.Data.Depth} packets, "
                + $"the bundle needs {plan.Schema.Set} to {depth}; read the captures with the bundle's features");
        }

        UnitCheck.Require(plan, request.Data.Unit);
        return new Evaluator(request).Run(progress, cancel);
    }

    EvaluationResult Run(IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        var served = ServedAnswers.Compute(plan, flows, cancel, (tier, number) => progress?.Report(
            new((double)number / plan.Tiers.Count, $"scoring with tier {tier.Name}")));
        var costs = plan.Tiers.Select(t =>
            CostMeter.NsPerFlow(flows, plan.WaitLimit,
                new(t.PacketDepth, t.Rule,
                    t.CreateScorer)
                { CreateGain = t.Gain is { } gain ? gain.CreateScorer : null }))
            .ToList();
        progress?.Report(new(1, "scored"));
        return Compare(served, costs);
    }

    EvaluationResult Compare(ServedAnswers run, List<double> costs)
    {
        var (tiers, depths, asked, answered) = (run.Tiers, run.Depths, run.Asked, run.Answered);
        var times = new AnswerTimes(run.View, costs, run.IsAtOnce);
        var patient = new AnswerTimes(CascadeView.FromFullWait(run.Waits, depths, tiers), costs, run.IsAtOnce);
        var last = tiers.Count - 1;
        var alone = new SystemAnswers(flows, tiers, patient, isPassing: false);
        var passing = new SystemAnswers(flows, run.View.Tiers, times);
        var (served, slow) = (Measure(passing, answered), Measure(alone, run.Alone(last)));
        var random = passing.AssignAtRandom(asked, request.Seed);
        return new()
        {
            Bundle = request.Bundle,
            Data = Counts(),
            Traffic = request.Report?.Traffic,
            Labels = flows.Classes,
            Cascade = served.Score,
            FastestOnly = Measure(alone, run.Alone(0)).Score,
            FastOnly = Measure(alone, run.Alone(Array.FindLastIndex(depths, d => d == depths[0]))).Score,
            SlowOnly = slow.Score,
            Random = Measure(random.Mean, random.Answers).Score,
            Oracle = Measure(alone.Passing(), run.ByOracle()).Score,
            Comparison = CompareWithSlow(served, slow, run),
            Tiers = [.. plan.Tiers.Select((_, i) =>
                TierScore.Compute(plan, i, run, flows, draws, costs[i]))],
            Confusion = answered.Score(flows),
            Classes = ClassScore.List(answered.Score(flows), flows, served.Draws.Classes),
            Curves = [.. Enumerable.Range(0, last).Select(tier =>
                EvaluationCurve.Compute(plan, tiers, asked, flows, tier))],
            Reliability = [.. plan.Tiers.Select((t, i) =>
                TierReliability.Compute(t, tiers[i], f => !run.IsAtOnce(f), f => asked.Tier(f) >= i, flows, draws))],
            Paths = FlowPaths.Compute(answered, times, [.. plan.Tiers.Select(t => t.Name)], depths, flows),
            Waits = WaitCurve.Compute(flows, plan.WaitLimit, depths),
            Unknown = run.Novelty?.Report(flows, plan.Labels.Count, request.Bundle.Manifest.Unknown!.Budget),
            Predictions = request.ListsPredictions
                ? FlowPrediction.List(plan, flows, run, times, patient)
                : [],
            Votes = UnitVote.Compute(flows, answered),
            Lost = Enumerable.Range(0, flows.Count).Count(flow => IsLost(run, flow)),
            NearDuplicates = CountNearDuplicates(depths),
            UnknownProtocols = Enumerable.Range(0, flows.Count).Count(run.IsAtOnce),
        };
    }

    /// <summary>Determines whether a flow that tiers were asked about is lost by answering early.</summary>
    bool IsLost(ServedAnswers run, int flow) =>
        !run.IsAtOnce(flow) && LostFlows.IsLost(run.Asked.Answer(flow), run.Tiers[^1], flows, flow);

    MeasuredSystem Measure(SystemAnswers system, CascadeRun run)
    {
        var answers = system.Give(run);
        return Measure(system.Score(answers), answers);
    }

    MeasuredSystem Measure(SystemScore score, SystemAnswer[] answers) =>
        MeasuredSystem.From(score, SystemDraws.Compute(draws, flows, answers));

    /// <summary>Compares the cascade with the slow tier, on the same draws of captures.</summary>
    CascadeComparison CompareWithSlow(MeasuredSystem served, MeasuredSystem slow, ServedAnswers run)
    {
        bool IsFirstPacket(int flow) => run.IsAtOnce(flow) || run.Depths[run.Asked.Tier(flow)] == 1;
        var caught = TierIntervals.DrawErrorsCaught(0, run.Alone(0), run.Asked, flows, draws);
        return CascadeComparison.Compare(served, slow,
            Enumerable.Range(0, flows.Count).Average(flow => IsFirstPacket(flow) ? 1.0 : 0),
            draws.Means(flow => IsFirstPacket(flow) ? 1 : 0), draws.Means(flow => IsLost(run, flow) ? 1 : 0), caught,
            draws);
    }

    NearDuplicateReport[] CountNearDuplicates(int[] depths)
    {
        var trained = FlowSample.All(data).Except(flows);
        return trained.Count == 0
            ? []
            : [.. depths.Distinct().Select(depth => NearDuplicates.Count(trained, flows, depth))];
    }

    EvaluationCounts Counts()
    {
        var captures = flows.Captures.Distinct().Count();
        var trained = request.Bundle.Manifest.Data.Trained.Select(c => c.Sha256).ToHashSet();
        return new()
        {
            Captures = captures,
            CapturesTrainedOn = data.Captures.Count(c => trained.Contains(c.Sha256)),
            Flows = flows.Count,
            Classes = flows.Labels.Distinct().Count(),
            Unlabelled = request.Report?.UnlabelledFlows ?? 0,
            Files = request.Report?.Files ?? new(),
            LabelsUnmatched = request.Report?.RowsWithoutFlow ?? 0,
            Sha256 = data.Sha256,
            Seed = request.Seed,
        };
    }

    static FlowSample WithClassesOf(CascadePlan plan, FlowSample flows)
    {
        var present = flows.Labels.Select(label => flows.Classes[label]).Distinct().Order(StringComparer.Ordinal);
        string[] names = [.. plan.Labels, .. present.Except(plan.Labels)];
        var indices = names.Index().ToDictionary(name => name.Item, name => name.Index);
        return flows.WithLabels(names, [.. flows.Labels.Select(label => indices[flows.Classes[label]])]);
    }
}
