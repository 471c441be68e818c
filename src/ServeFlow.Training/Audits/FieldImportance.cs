using ServeFlow.Cascade;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;

namespace ServeFlow.Training.Audits;

/// <summary>
/// Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019) by header field instead of by column: a
/// model that loses nothing when one bit is exchanged may still live on the field.
/// </summary>
sealed class FieldImportance
{
    /// <summary>Draws, so that their spread says how far chance goes.</summary>
    const int Repeats = 3;

    /// <summary>Limits the held-back flows: a loss is then known to less than a hundredth.</summary>
    const int MaxFlows = 5_000;

    /// <summary>Limits the packets that have a row: each takes a run over all flows, and models that see whole windows
    /// learn the fields of the first 32 packets alone.</summary>
    const int MaxPackets = 32;

    readonly AuditedCascade cascade;
    readonly FieldPermutation permutation;
    readonly Random random;
    readonly double[] baseline;
    readonly int flows;

    FieldImportance(AuditedCascade cascade, DataSet data, Random random, CancellationToken cancel)
    {
        (this.cascade, this.random) = (cascade, random);
        flows = data.Flows.Count;
        permutation = new(data);
        baseline = cascade.WeightedF1(cascade.Predict(cancel));
    }

    /// <param name="held">Held-back flows.</param>
    /// <param name="relabel">Gets the same flows under the classes that the cascade's answers count.</param>
    public static ImportanceReport Compute(CascadePlan plan, FlowSample held, Func<FlowSample, FlowSample> relabel,
        Random random, Action<double> progress, CancellationToken cancel)
    {
        int[] drawn = [.. Enumerable.Range(0, held.Count)];
        random.Shuffle(drawn);
        var flows = AuditFlows.From(held.Subset([]), held.Subset(drawn.AsSpan(0, Math.Min(drawn.Length, MaxFlows))));
        var cascade = new AuditedCascade(plan, relabel(flows.HeldOut));
        return new FieldImportance(cascade, flows.Data, random, cancel).Measure(progress, cancel);
    }

    ImportanceReport Measure(Action<double> progress, CancellationToken cancel)
    {
        var names = FindUsedFields(cascade.Plan);
        var packets = Math.Min(MaxPackets, cascade.Plan.Tiers.Max(tier => tier.PacketDepth));
        var (done, total) = (0, names.Count + packets + 1);
        RecordField[] all = [.. names.Select(RecordField.FromName)];
        return new()
        {
            Flows = flows,
            Repeats = Repeats,
            Systems = cascade.Systems,
            WeightedF1 = baseline,
            Fields = [.. all.Select(field => Row(field.Name, [field], null)).OrderByDescending(r => r.Losses[0].Mean)],
            Packets = [.. Enumerable.Range(0, packets).Select(packet => Row($"{packet + 1}", all, packet))],
            Everything = Row("everything", all, null),
        };

        ImportanceRow Row(string name, IReadOnlyList<RecordField> fields, int? packet)
        {
            progress((double)done++ / total);
            return new(name, Losses(fields, packet, cancel));
        }
    }

    /// <summary>Lists the header fields that a cascade's models read, in the schema's order; all of them where a model
    /// does not say what it reads.</summary>
    static IReadOnlyList<string> FindUsedFields(CascadePlan plan)
    {
        var all = NarrowSchema.Fields(plan.Schema);
        var used = new HashSet<string>();
        foreach (var tier in plan.Tiers)
        {
            if (tier.Compiled is not CompiledModel { Forest: var forest })
            {
                return all;
            }

            foreach (var column in forest.UsedColumns)
            {
                if (!plan.Schema.TryFindColumn(forest.ColumnNames[column], tier.PacketDepth, out var number))
                {
                    return all;
                }

                used.Add(plan.Schema.Field(number % plan.Schema.ColumnsPerPacket));
            }
        }

        return [.. all.Where(used.Contains)];
    }

    ImportanceLoss[] Losses(IReadOnlyList<RecordField> fields, int? packet, CancellationToken cancel)
    {
        var draws = Enumerable.Range(0, Repeats)
            .Select(_ => FlowSample.All(permutation.Permute(fields, packet, random)))
            .Select(permuted => cascade.WeightedF1(cascade.Predict(permuted, cancel)))
            .ToArray();
        return [.. baseline.Select((before, system) =>
        {
            double[] losses = [.. draws.Select(after => before - after[system])];
            return new ImportanceLoss(Scores.Mean(losses), Scores.StandardDeviation(losses));
        })];
    }
}
