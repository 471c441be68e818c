using ServeFlow.Cascade;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Audits;

/// <summary>
/// Tries every way in which an evaluation deceives on the flows that it was made on, and measures which header fields
/// the answers rest on. Models trained for that are gone with it.
/// </summary>
public sealed class Auditor
{
    /// <summary>Specifies the share of the time that the checks take, importance the rest.</summary>
    const double ChecksShare = 0.6;

    /// <summary>Specifies the number of first packets that name a host to either side.</summary>
    const int IdentifierPackets = 3;

    readonly EvaluationRequest request;
    readonly EvaluationResult result;
    /// <summary>A look-up of twins needs all; models are trained on a sample.</summary>
    readonly AuditFlows all, flows;

    readonly Dictionary<string, int> labelIndices;
    readonly Random random;

    Auditor(EvaluationRequest request, EvaluationResult result)
    {
        (this.request, this.result) = (request, result);
        random = new(request.Seed);
        var data = request.Data;
        var given = FlowSample.All(data);
        var unseen = UnseenFlows.Find(data, request.Bundle.Manifest.Data);
        all = AuditFlows.From(given.Except(unseen), unseen);
        flows = all.Sample(random);
        labelIndices = result.Labels.Index().ToDictionary(label => label.Item, label => label.Index);
    }

    CascadePlan Plan => request.Bundle.Plan;

    /// <param name="packets">The number of packets that the model sees; capped at the last tier's.</param>
    QuickModel Model(int packets) => new(Math.Min(packets, Plan.Tiers.Max(tier => tier.PacketDepth)), Plan.WaitLimit,
        new() { Seed = request.Seed });

    /// <returns>The result with <see cref="EvaluationResult.Audit"/> and
    /// <see cref="EvaluationResult.Importance"/>.</returns>
    public static EvaluationResult Run(EvaluationRequest request, EvaluationResult result,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancel = default)
    {
        var auditor = new Auditor(request, result);
        return result with
        {
            Audit = auditor.Check(progress, cancel),
            Importance = FieldImportance.Compute(auditor.Plan, auditor.flows.HeldOut, auditor.Relabel, auditor.random,
                done => progress?.Report(new(ChecksShare + (done * (1 - ChecksShare)),
                    "exchanging header fields")), cancel),
        };
    }

    AuditReport Check(IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        var twins = CheckNearDuplicates(cancel);
        var majority = Scores.MajorityBaseline(flows.Train, flows.HeldOut);
        var checks = twins.Select(twin => twin.Check).ToList();
        checks.AddRange(flows.Data.Labels.Count > 1
            ? CheckWithModels(majority, progress, cancel)
            : [new("models", null, null, AuditVerdict.Skipped, "nothing was checked by training a model: all flows "
                + $"are of one class, '{flows.Data.Labels[0]}'; give flows of others, too")]);
        return new()
        {
            TrainingFlows = flows.Train.Count,
            Flows = flows.HeldOut.Count,
            MajorityF1 = majority,
            Checks = checks,
            Deduplicated = [.. twins.Select(twin => twin.Novel)],
        };
    }

    /// <summary>Checks by models that learn from the flows, of which there are at least two classes.</summary>
    List<AuditCheck> CheckWithModels(double majority, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        Say(0.1, "checking identifying fields");
        var checks = flows.Train.Count == 0
            ? [new("training_flows", null, null, AuditVerdict.Skipped, "whether the split leaks was not checked: "
                + "give the captures that the bundle was trained on, too; they are recognised and left out of scores")]
            : new IdentifierCheck(flows, Plan.Schema, Model(IdentifierPackets), majority, random).CheckAll(cancel)
                .ToList();
        Say(0.4, "shuffling labels");
        checks.AddRange(flows.Train.Count == 0
            ? []
            : [ShuffledLabelsCheck.Check(flows, Model(int.MaxValue), random, cancel)]);
        Say(0.7, "splitting by time");
        checks.Add(TimeSplitCheck.Check(flows, Model(int.MaxValue), request.Seed, cancel));
        return checks;

        void Say(double done, string what) => progress?.Report(new(done * ChecksShare, what));
    }

    List<(AuditCheck Check, DeduplicatedScore Novel)> CheckNearDuplicates(CancellationToken cancel)
    {
        if (all.Train.Count == 0)
        {
            return [];
        }

        var cascade = new AuditedCascade(Plan, Relabel(all.HeldOut));
        var check = new NearDuplicateCheck(all, cascade, cascade.Predict(cancel));
        return [.. Plan.Tiers.Select(tier => tier.PacketDepth).Distinct().Select(check.Check)];
    }

    /// <summary>The same flows under the classes that the evaluation counts.</summary>
    FlowSample Relabel(FlowSample held) =>
        held.WithLabels(result.Labels, [.. held.Labels.Select(label => labelIndices[held.Classes[label]])]);
}
