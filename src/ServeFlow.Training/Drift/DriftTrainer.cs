using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Drift;

namespace ServeFlow.Training.Drift;

/// <summary>
/// Measures a baseline and how far windows differ from it where nothing has changed. Flows of one capture resemble one
/// another, so that windows are filled by whole captures, drawn with replacement and followed in time: what a sensor
/// would see if the captures were played to it without end.
/// </summary>
sealed class DriftTrainer
{
    /// <summary>Specifies the number of captures below which nobody can say how much windows differ.</summary>
    public const int MinCaptures = 8;

    /// <summary>Specifies how many windows are drawn: 200 of them lie beyond what is usual.</summary>
    const int Windows = 20_000;

    /// <summary>Specifies the share of windows beyond what is usual.</summary>
    const double Tail = 0.01;

    /// <summary>Bounds the spread from below, so that a figure that never moved in training raises no alarm over a
    /// single flow: an alarm takes about ten times that.</summary>
    const double MinSpread = 0.003;

    readonly AnsweredFlows flows;
    readonly int[] watched;
    readonly DriftLayout layout;
    readonly WindowSums sums;
    readonly int[][] captures;

    DriftTrainer(AnsweredFlows flows)
    {
        this.flows = flows;
        watched = [.. flows.Answers.Where(answer => answer.Label != Classification.UnknownId)
            .CountBy(answer => answer.Label).OrderByDescending(c => c.Value).ThenBy(c => c.Key)
            .Take(DriftBaseline.MaxClasses).Select(c => c.Key)];
        layout = new(flows.Tiers, watched.Length, flows.Asked.Count);
        var places = new int[flows.Flows.Classes.Count];
        Array.Fill(places, watched.Length);
        foreach (var (place, label) in watched.Index())
        {
            places[label] = place;
        }

        sums = new(flows, layout, places);
        captures = [.. Enumerable.Range(0, flows.Answers.Length).GroupBy(position => flows.Flows.Groups[position])
            .OrderBy(capture => capture.Key)
            .Select(capture => capture.OrderBy(position => flows.Flows[position].FirstNs).ToArray())];
    }

    /// <summary>Creates a baseline; null where there are too few captures.</summary>
    /// <param name="flows">Flows with the answers of models that had not seen them.</param>
    /// <param name="seed">The seed of the draws.</param>
    public static DriftBaseline? Create(AnsweredFlows flows, int seed)
    {
        var trainer = new DriftTrainer(flows);
        return trainer.captures.Length < MinCaptures ? null : trainer.Create(seed);
    }

    DriftBaseline Create(int seed)
    {
        var usual = sums.Read(Enumerable.Range(0, flows.Answers.Length));
        var deviations = Draw(usual, new Random(seed));
        DriftFigure[] figures = [.. usual.Select((value, i) => CreateFigure(value, deviations[i]))];
        var scores = new double[Windows];
        for (var window = 0; window < Windows; window++)
        {
            scores[window] = figures.Index().Max(figure => figure.Item.Score(deviations[figure.Index][window]));
        }

        return ToBaseline(figures, FindAlarmScore(scores));
    }

    /// <summary>Fills windows with the flows of captures.</summary>
    /// <returns>[figure][window]: the deviation.</returns>
    double[][] Draw(double[] usual, Random random)
    {
        double[][] deviations = [.. usual.Select(_ => new double[Windows])];
        var (counts, values, row) = (new long[layout.Length], new double[usual.Length], new double[usual.Length]);
        int[] capture = [];
        var next = 0;
        var widening = Widening();
        for (var window = 0; window < Windows; window++)
        {
            Array.Clear(counts);
            for (var flow = 0; flow < DriftBaseline.DefaultWindowFlows; flow++)
            {
                if (next == capture.Length)
                {
                    (capture, next) = (captures[random.Next(captures.Length)], 0);
                }

                sums.Add(counts, capture[next++], flow % DriftCounter.Sampling == 0);
            }

            DriftStatistics.ReadValues(layout, counts, values);
            DriftStatistics.Compute(layout, usual, counts, values, row);
            for (var i = 0; i < row.Length; i++)
            {
                deviations[i][window] = row[i] * (i == DriftStatistics.Mix ? widening * widening : widening);
            }
        }

        return deviations;
    }

    /// <summary>
    /// Computes by how much deviations of other captures are larger. Of n captures, m in a window, a figure's variance
    /// over new captures is σ²(1/m + 1/n), since the baseline errs too; windows drawn from the same captures show
    /// σ²(1 − 1/n)/m.
    /// </summary>
    double Widening()
    {
        var (sum, squares) = (captures.Sum(c => (double)c.Length), captures.Sum(c => (double)c.Length * c.Length));
        var (all, inWindow) = (sum * sum / squares, Math.Max(1, DriftBaseline.DefaultWindowFlows * sum / squares));
        return Math.Sqrt((all + inWindow) / Math.Max(0.5, all - 1));
    }

    static DriftFigure CreateFigure(double value, double[] deviations)
    {
        var (usual, spread) = ReadTail(deviations);
        return new(Rounded(value), Rounded(usual), Rounded(Math.Max(spread, MinSpread)));
    }

    /// <summary>Extends the tail of the scores as an exponential one to the rate that is asked for.</summary>
    static double FindAlarmScore(double[] scores)
    {
        var (usual, spread) = ReadTail(scores);
        return Rounded(Math.Max(1, usual + (spread * Math.Log(Tail * DriftBaseline.DefaultWindowsPerAlarm))));
    }

    /// <summary>Reads the value that one window in a hundred exceeds, and by how much on average.</summary>
    static (double Usual, double Spread) ReadTail(double[] values)
    {
        double[] sorted = [.. values.Order()];
        var beyond = (int)(Tail * sorted.Length);
        var usual = sorted[^(beyond + 1)];
        return (usual, sorted[^beyond..].Average() - usual);
    }

    static double Rounded(double value) => Math.Round(value, 6);

    DriftBaseline ToBaseline(DriftFigure[] figures, double alarm)
    {
        var shares = DriftStatistics.FirstShare(layout);
        var (classes, questions) = (DriftStatistics.FirstClass(layout), DriftStatistics.FirstQuestion(layout));
        return new()
        {
            WindowFlows = DriftBaseline.DefaultWindowFlows,
            WindowsPerAlarm = DriftBaseline.DefaultWindowsPerAlarm,
            AlarmScore = alarm,
            Flows = flows.Answers.Length,
            Captures = captures.Length,
            Confidence = figures[DriftStatistics.Confidence],
            Mix = figures[DriftStatistics.Mix],
            Unknown = figures[DriftStatistics.Unknown],
            Escalated = figures[DriftStatistics.Escalated..shares],
            Classes = [.. watched.Select((label, place) =>
                new DriftClass(flows.Flows.Classes[label], figures[shares + place], figures[classes + place]))],
            Questions = [.. flows.Asked.Select((question, place) => new DriftQuestion(
                flows.Flows.Data.Schema.ColumnName(question.Column), question.Threshold, figures[questions + place]))],
        };
    }
}
