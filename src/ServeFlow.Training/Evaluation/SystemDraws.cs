using System.Text.Json.Serialization;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Evaluation;

/// <summary>Holds the figures of a system on every draw of captures, each by draw.</summary>
sealed record SystemDraws(ClassDraws Classes, double[] WeightedF1, double[] MacroF1, double[] Accuracy,
    double[] MeanMs, double[] MedianMs, double[] P90Ms, double[] P99Ms, double[] Under1Ms, double[] Under16Ms,
    double[] PacketsMean)
{
    public static SystemDraws Compute(CaptureDraws captures, FlowSample flows, SystemAnswer[] answers)
    {
        var classes = ClassDraws.Compute(captures, flows.Labels, flows.Classes.Count, answers);
        var latency = LatencyDraws.Compute(captures, answers);
        var total = Sum(_ => 1);
        return new(classes, classes.WeightedF1(), classes.MacroF1(), classes.Accuracy(), Mean(a => a.Ms),
            latency.Quantiles(0.5), latency.Quantiles(0.9), latency.Quantiles(0.99), Mean(a => a.Ms < 1 ? 1 : 0),
            Mean(a => a.Ms < 16 ? 1 : 0), Mean(a => a.Packets));

        double[] Mean(Func<SystemAnswer, double> value) => captures.Divide(Sum(value), total);

        double[] Sum(Func<SystemAnswer, double> value)
        {
            var sums = new double[captures.Groups];
            foreach (var answer in answers)
            {
                sums[captures.Group(answer.Flow)] += answer.Weight * value(answer);
            }

            return sums;
        }
    }

    public SystemIntervals ToIntervals() => new(From(WeightedF1), From(MacroF1), From(Accuracy), From(MeanMs),
        From(MedianMs), From(P90Ms), From(P99Ms), From(Under1Ms), From(Under16Ms), From(PacketsMean));

    static Interval From(double[] draws) => Interval.From(draws)!.Value;
}

/// <summary>Holds the intervals of a system's figures; see <see cref="SystemScore"/>.</summary>
public sealed record SystemIntervals(Interval WeightedF1, Interval MacroF1, Interval Accuracy, Interval MeanMs,
    Interval MedianMs, Interval P90Ms, Interval P99Ms, [property: JsonPropertyName("under_1ms")] Interval Under1Ms,
    [property: JsonPropertyName("under_16ms")] Interval Under16Ms, Interval PacketsMean);
